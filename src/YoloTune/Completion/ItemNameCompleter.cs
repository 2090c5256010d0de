using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes state-dict names of the model that is given.</summary>
public sealed class ItemNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        model?.Items.Select(item => (item.Name, $"[{string.Join(", ", item.Tensor.shape)}]")) ?? [];
}
