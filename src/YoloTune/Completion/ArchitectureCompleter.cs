using YoloTune.Models;
using YoloTune.Networks.Architecture;


namespace YoloTune.Commands.Completion;

/// <summary>Completes the names of built-in architectures.</summary>
public sealed class ArchitectureCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        ModelCatalog.Entries.Select(entry => (entry.Name, $"{entry.Family}, {entry.Task}"));
}
