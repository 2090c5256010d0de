using YoloTune.Downloads;
using YoloTune.Models;


namespace YoloTune.Commands.Completion;

/// <summary>Completes the names of weights that can be downloaded.</summary>
public sealed class PretrainedCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        PretrainedCatalog.Entries.Select(entry => (entry.Name, $"{entry.File} of release {entry.Tag}"));
}
