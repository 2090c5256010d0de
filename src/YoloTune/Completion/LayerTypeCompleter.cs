using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes layer types of the model that is given.</summary>
public sealed class LayerTypeCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        model?.Layers.GroupBy(layer => layer.Type)
            .Select(group => (group.Key, $"layers {string.Join(", ", group.Select(layer => layer.Index))}")) ?? [];
}
