using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes the usual splits of a dataset.</summary>
public sealed class SplitCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        [("val", "images kept back to measure on"), ("test", "images never looked at before"), ("train", "images trained on")];
}
