using YoloTune.DatasetTools.Samples;
using YoloTune.Models;


namespace YoloTune.Commands.Completion;

/// <summary>Completes the shapes that can be drawn.</summary>
public sealed class ShapeCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        SampleDataset.ShapeNames.Select(name => (name, "a shape; other names get shapes of their own"));
}
