using System.Text.Json;
using YoloTune.Basics;
using YoloTune.Models;

namespace YoloTune.Runs.Records;

/// <summary>
/// A training run: what was asked for and what every epoch gave. The same record for a run in progress and for one of long ago.
/// </summary>
public sealed record TrainingRun : IModelRun
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The run's folder, a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>The epochs done.</summary>
    public IReadOnlyList<YoloEpoch> Epochs { get; init; } = [];

    /// <summary>
    /// The epoch whose weights are the best: the highest mAP50-95, the last of equals; the last epoch when nothing was measured; null
    /// before the first.
    /// </summary>
    public YoloEpoch? Best => Epochs.OrderBy(epoch => epoch.MAP ?? double.NegativeInfinity).ThenBy(epoch => epoch.Epoch).LastOrDefault();

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> BestMeasures => Best is { MAP: { } fitness } best
        ? [.. ResultsTable.Measures(best), KeyValuePair.Create("fitness", fitness)]
        : [];

    /// <summary>The options as they were resolved, by the reference's names.</summary>
    public IReadOnlyDictionary<string, object?> Options { get; init; } = new Dictionary<string, object?>();

    /// <summary>Names of the stages, in order.</summary>
    public IReadOnlyList<string> Stage { get; init; } = [];

    /// <summary>Whether the run came to its end; a run that was stopped can be resumed.</summary>
    public bool Completed { get; init; }

    /// <summary>The best weights; null when there are none.</summary>
    public string? BestWeights => Existing(new RunFolder(Directory).Best);

    /// <summary>The last weights; null when there are none.</summary>
    public string? LastWeights => Existing(new RunFolder(Directory).Last);

    /// <summary>Whether a folder holds a training run.</summary>
    public static bool IsRun(string directory) => File.Exists(new RunFolder(directory).Arguments);

    /// <summary>The folder itself when it holds a run, otherwise the run folders in it, in order; none when there are none.</summary>
    public static IReadOnlyList<string> Find(string directory) => IsRun(directory)
        ? [directory]
        : System.IO.Directory.Exists(directory)
            ? [.. System.IO.Directory.GetDirectories(directory).Where(IsRun).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Whether a run's own record says that it came to its end, pictures and all.</summary>
    internal static bool IsRecordedAsCompleted(string directory) => File.Exists(new RunFolder(directory).Record) && Read(directory).Completed;

    /// <summary>Reads a run back from its folder, one of the reference as well.</summary>
    /// <exception cref="TrainingException">The folder holds no run, or its files are damaged.</exception>
    public static TrainingRun Read(string directory)
    {
        RunFolder folder = new(directory);
        if (!File.Exists(folder.Arguments))
        {
            throw new TrainingException(
                "the folder holds no training run.", folder.Path, remedy: "Give a folder with an args.yaml in it, such as runs/train.");
        }
        TrainingRun run = new() { Directory = folder.Path, Options = ArgumentsFile.Read(folder.Arguments) };
        if (File.Exists(folder.Record))
        {
            try
            {
                Stored? stored = JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(folder.Record), Json);
                if (stored is not null) return run with { Epochs = stored.Epochs, Stage = stored.Stage, Completed = stored.Completed };
            }
            catch (JsonException error)
            {
                throw new TrainingException(
                    "the record of the run is damaged: " + error.Message, folder.Record,
                    remedy: "Remove the file: results.csv has the figures too.", inner: error);
            }
        }
        IReadOnlyList<YoloEpoch> epochs = File.Exists(folder.Results) ? ResultsTable.Read(folder.Results) : [];
        bool completed = run.Options.GetValueOrDefault("epochs") is long planned && epochs.Count >= planned;
        return run with { Epochs = epochs, Completed = completed };
    }

    /// <summary>Writes what results.csv has no columns for.</summary>
    internal void WriteRecord() => AtomicFile.Write(
        new RunFolder(Directory).Record, stream => JsonSerializer.Serialize(stream, new Stored(Epochs, Stage, Completed), Json));

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private sealed record Stored(IReadOnlyList<YoloEpoch> Epochs, IReadOnlyList<string> Stage, bool Completed);
}
