using System.Text.Json;
using System.Text.Json.Serialization;
using YoloTune.Basics;
using YoloTune.Files;
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
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The name of the run's folder.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Directory));

    /// <summary>The run's folder, a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>How many epochs are done.</summary>
    public int EpochCount => Epochs.Count;

    /// <summary>The number of the best epoch; null before the first.</summary>
    public int? BestEpoch => Best?.Epoch;

    /// <summary>Fitness of the best epoch; null when it was not measured.</summary>
    public double? Fitness => Best?.Fitness;

    /// <summary>mAP50 of the best epoch; null when it was not measured.</summary>
    public double? MAP50 => Best?.MAP50;

    /// <summary>mAP50-95 of the best epoch; null when it was not measured.</summary>
    public double? MAP => Best?.MAP;

    /// <summary>Top-1 of the best epoch; null where images as a whole have no class.</summary>
    public double? Top1 => Best?.Top1;

    /// <summary>Seconds of the whole run.</summary>
    public double Seconds => Epochs.Count > 0 ? Epochs[^1].Seconds : 0;

    /// <summary>The epochs done.</summary>
    public IReadOnlyList<YoloEpoch> Epochs { get; init; } = [];

    /// <summary>
    /// The epoch whose weights are the best: the highest <see cref="YoloEpoch.Fitness"/>, the last of equals; the last epoch when nothing
    /// was measured; null
    /// before the first.
    /// </summary>
    public YoloEpoch? Best =>
        Epochs.OrderBy(epoch => epoch.Fitness ?? double.NegativeInfinity).ThenBy(epoch => epoch.Epoch).LastOrDefault();

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> BestMeasures => Best is { Fitness: { } fitness } best
        ? best.Measures.Append(KeyValuePair.Create("fitness", fitness)).ToArray()
        : [];

    /// <summary>The options as they were resolved, by the reference's names.</summary>
    public IReadOnlyDictionary<string, object?> Options
    {
        get;
        init => field = NamedValues<object?>.Of(value);
    } = NamedValues<object?>.Of([]);

    /// <summary>What the model predicts, such as detect; null where the run's options do not say.</summary>
    public string? Task => Options.GetValueOrDefault("task") as string;

    /// <summary>Names of the stages, in order.</summary>
    public IReadOnlyList<string> Stage { get; init; } = [];

    /// <summary>Whether the run came to its end; a run that was stopped can be resumed.</summary>
    public bool Completed { get; init; }

    /// <summary>The best weights; null when there are none.</summary>
    public string? BestWeights => Existing(new RunFolder(Directory).Best);

    /// <summary>The last weights; null when there are none.</summary>
    public string? LastWeights => Existing(new RunFolder(Directory).Last);

    /// <summary>The folder of the run that a path belongs to: of a file in it, of its folder weights or of a file there.</summary>
    public static string FolderOf(string path)
    {
        string folder = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetFileName(full) == Path.GetFileName(new RunFolder(full).Weights) && !IsRun(full)
            ? Path.GetDirectoryName(full) ?? folder
            : folder;
    }

    /// <summary>Whether a folder holds a training run.</summary>
    public static bool IsRun(string directory) => File.Exists(new RunFolder(directory).Arguments);

    /// <summary>The folder itself when it holds a run, otherwise the run folders in it, in order; none when there are none.</summary>
    public static IReadOnlyList<string> Find(string directory) => IsRun(directory)
        ? [directory]
        : System.IO.Directory.Exists(directory)
            ? [.. System.IO.Directory.GetDirectories(directory).Where(IsRun).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>
    /// Whether a run's own record says that it came to its end, pictures and all. One that is damaged says nothing: it is written again
    /// with
    /// the next epoch, from the checkpoint.
    /// </summary>
    internal static bool IsRecordedAsCompleted(string directory, Action<string>? warn = null)
    {
        try
        {
            return File.Exists(new RunFolder(directory).Record) && Read(directory).Completed;
        }
        catch (TrainingException error)
        {
            warn?.Invoke($"{error.Message} It is written again from the run's checkpoint.");
            return false;
        }
    }

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
                byte[] content = SharedFile.ReadAllBytes(folder.Record);
                if (!FileChecksum.IsSealIntact(content)) throw new JsonException("Its checksum differs from what was written.");
                Stored? stored = JsonSerializer.Deserialize<Stored>(content, Json);
                if (stored is not null)
                {
                    // Records of earlier releases have no losses by name; their table has.
                    IReadOnlyList<YoloEpoch> known = stored.Epochs.Any(epoch => epoch.Losses.Count > 0) || !File.Exists(folder.Results)
                        ? stored.Epochs
                        : ResultsTable.Read(folder.Results);
                    return run with { Epochs = known, Stage = stored.Stage, Completed = stored.Completed };
                }
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
    internal void WriteRecord()
    {
        byte[] content = FileChecksum.Seal(
            JsonSerializer.SerializeToUtf8Bytes(new Stored(Epochs, Stage, Completed, FileChecksum.Placeholder), Json));
        AtomicFile.Write(new RunFolder(Directory).Record, stream => stream.Write(content));
    }

    /// <summary>"train2: 30 epochs, best epoch 12: mAP50-95 0.451".</summary>
    public override string ToString() => $"{Name}: {Counted.Of(EpochCount, "epoch")}{(Best is { } best ? ", best " + best : "")}";

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private sealed record Stored(
        IReadOnlyList<YoloEpoch> Epochs,
        IReadOnlyList<string> Stage,
        bool Completed,
        [property: JsonPropertyName(FileChecksum.Key)] string? Checksum = null);
}
