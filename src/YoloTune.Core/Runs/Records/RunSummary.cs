using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>One run, to be looked at.</summary>
public sealed record RunSummary
{
    private const int CurveWidth = 60;

    /// <summary>The name of the run's folder.</summary>
    public required string Name { get; init; }

    /// <summary>The run's folder, a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the run came to its end.</summary>
    public required bool Completed { get; init; }

    /// <summary>Epochs that were planned; null when the options do not tell.</summary>
    public long? PlannedEpochs { get; init; }

    /// <summary>The epochs done.</summary>
    public required IReadOnlyList<YoloEpoch> Epochs { get; init; }

    /// <summary>The best epoch; null before the first.</summary>
    public YoloEpoch? Best { get; init; }

    /// <summary>Seconds of the whole run.</summary>
    public required double Seconds { get; init; }

    /// <summary>Names of the stages, in order.</summary>
    public required IReadOnlyList<string> Stage { get; init; }

    /// <summary>The options as they were resolved, by the reference's names.</summary>
    public required IReadOnlyDictionary<string, object?> Options
    {
        get;
        init => field = NamedValues<object?>.Of(value);
    }

    /// <summary>
    /// The fitness, which is mAP50-95 of boxes for a detector, over the epochs as a line of block characters, scaled from its lowest to its
    /// highest value; empty when not measured.
    /// </summary>
    public required string FitnessCurve { get; init; }

    /// <summary><see cref="FitnessCurve"/> by its name of earlier versions.</summary>
    public string MAPCurve => FitnessCurve;

    /// <summary>The sum of the training losses over the epochs, in the same way.</summary>
    public required string LossCurve { get; init; }

    /// <summary>The picture of the curves, results.png; null when there is none.</summary>
    public string? Picture { get; init; }

    /// <summary>The best weights; null when there are none.</summary>
    public string? BestWeights { get; init; }

    /// <summary>Sums a run up.</summary>
    public static RunSummary Of(TrainingRun run)
    {
        string picture = new RunFolder(run.Directory).File("results.png");
        return new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Directory)),
            Directory = run.Directory,
            Completed = run.Completed,
            PlannedEpochs = run.Options.GetValueOrDefault("epochs") as long?,
            Epochs = run.Epochs.ToArray(),
            Best = run.Best,
            Seconds = run.Epochs.Count > 0 ? run.Epochs[^1].Seconds : 0,
            Stage = run.Stage.ToArray(),
            Options = run.Options,
            FitnessCurve = Sparkline.Of([.. run.Epochs.Select(epoch => epoch.Fitness)], CurveWidth),
            LossCurve = Sparkline.Of(
                [.. run.Epochs.Select(epoch => (double?)epoch.Losses.Values.Sum())], CurveWidth),
            Picture = File.Exists(picture) ? picture : null,
            BestWeights = run.BestWeights,
        };
    }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Epochs.Count} epochs");
}
