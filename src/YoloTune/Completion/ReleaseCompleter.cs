using YoloTune.Downloads;
using YoloTune.Models;


namespace YoloTune.Commands.Completion;

/// <summary>Completes the releases that carry the listed weights.</summary>
public sealed class ReleaseCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        PretrainedCatalog.Entries.GroupBy(entry => entry.Tag)
            .Select(group => (group.Key, $"the release of {group.Count()} of the listed files"));
}
