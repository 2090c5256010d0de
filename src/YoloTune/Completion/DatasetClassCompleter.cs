using System.Collections;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>Completes class names of the dataset whose path stands on the line.</summary>
public sealed class DatasetClassCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) => [];

    private protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model, IDictionary bound)
    {
        if (bound["Path"] is not string path || SessionValues.Location is not { } location) return [];
        try
        {
            return DatasetDescription.Load(Path.Combine(location, path)).Names.Select((name, id) => (name, $"class {id}"));
        }
        catch (Exception error) when (error is YoloTuneException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What cannot be read offers nothing; running the command says why.
            return [];
        }
    }
}
