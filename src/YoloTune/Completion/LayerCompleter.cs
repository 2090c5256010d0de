using System.Globalization;
using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes layer numbers of the model that is given.</summary>
public sealed class LayerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        model?.Layers.Select(layer => (layer.Index.ToString(CultureInfo.InvariantCulture), $"{layer.Type}, {layer.Part}")) ?? [];
}
