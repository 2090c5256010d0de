using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes class names of the model that is given.</summary>
public sealed class ClassNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        model?.ClassNames.Select((name, id) => (name, $"class {id}")) ?? [];
}
