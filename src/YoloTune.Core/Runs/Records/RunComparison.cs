using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>A run beside others: its figures, and the options that tell it apart.</summary>
public sealed record RunComparison
{
    // Where a run lies, and what follows from other options.
    private static readonly HashSet<string> NotCompared = new(StringComparer.Ordinal) { "save_dir", "project", "name", "optimizer_reason" };

    /// <summary>The name of the run's folder.</summary>
    public required string Name { get; init; }

    /// <summary>The run's folder, a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the run came to its end.</summary>
    public required bool Completed { get; init; }

    /// <summary>Epochs done.</summary>
    public required int Epochs { get; init; }

    /// <summary>Whether no other run of the comparison has a higher fitness; of equals the first is the best.</summary>
    public required bool IsBest { get; init; }

    /// <summary>The best epoch; null when there is none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Precision of the best epoch; null when it was not measured.</summary>
    public double? Precision { get; init; }

    /// <summary>Recall of the best epoch; null when it was not measured.</summary>
    public double? Recall { get; init; }

    /// <summary>What the model predicts, such as detect; null where the run does not say.</summary>
    public string? Task { get; init; }

    /// <summary>Fitness of the best epoch, by which runs are compared; null when it was not measured.</summary>
    public double? Fitness { get; init; }

    /// <summary>mAP50 of the best epoch; null when it was not measured.</summary>
    public double? MAP50 { get; init; }

    /// <summary>mAP50-95 of the best epoch; null when it was not measured.</summary>
    public double? MAP { get; init; }

    /// <summary>Fraction of the images whose best class is right, in the best epoch; null where it was not measured.</summary>
    public double? Top1 { get; init; }

    /// <summary>
    /// Fraction of the images whose five best classes have the right one, in the best epoch; null where it was not measured.
    /// </summary>
    public double? Top5 { get; init; }

    /// <summary>The measures people compare runs by in one short line, of the best epoch; empty where nothing was measured.</summary>
    public string Figures { get; init; } = "";

    /// <summary>The losses of the best epoch by their names.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = NamedValues<double>.Of([]);

    /// <summary>What was measured of the best epoch, by the reference's names (metrics/mAP50-95(B) ...).</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = NamedValues<double>.Of([]);

    /// <summary>Box loss of the best epoch.</summary>
    public double? BoxLoss { get; init; }

    /// <summary>Class loss of the best epoch.</summary>
    public double? ClassLoss { get; init; }

    /// <summary>Distribution focal loss of the best epoch.</summary>
    public double? DflLoss { get; init; }

    /// <summary>Seconds of the whole run.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// The options that are not the same in all runs of the comparison, by the reference's names; null where the run has none.
    /// </summary>
    public required IReadOnlyDictionary<string, object?> Differences
    {
        get;
        init => field = NamedValues<object?>.Of(value);
    }

    /// <summary>The options that differ, one a line, shortened in the middle: "lr0=0.01".</summary>
    /// <param name="width">The most characters of a line.</param>
    public IReadOnlyList<string> DifferenceLines(int width) =>
        Differences.Select(option => MiddleCut.Shorten(option.Value is null ? option.Key + "=-" : Pair(option), width)).ToArray();

    /// <summary>Puts runs side by side.</summary>
    /// <param name="runs">The runs, in the order wanted.</param>
    public static IReadOnlyList<RunComparison> Compare(IReadOnlyList<TrainingRun> runs)
    {
        string[] names = [.. runs.SelectMany(run => run.Options.Keys).Distinct()
            .Where(name => !NotCompared.Contains(name) && Differs(name, runs))];
        double? highest = runs.Max(run => run.Best?.Fitness);
        TrainingRun? best = runs.FirstOrDefault(run => highest is not null && run.Best?.Fitness == highest);
        return runs.Select(run => new RunComparison
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Directory)),
            Directory = run.Directory,
            Completed = run.Completed,
            Epochs = run.Epochs.Count,
            IsBest = ReferenceEquals(run, best),
            BestEpoch = run.Best?.Epoch,
            Precision = run.Best?.Precision,
            Recall = run.Best?.Recall,
            Task = run.Task,
            Fitness = run.Best?.Fitness,
            MAP50 = run.Best?.MAP50,
            MAP = run.Best?.MAP,
            Figures = run.Best?.Figures ?? "",
            Top1 = run.Best?.Top1,
            Top5 = run.Best?.Top5,
            Losses = run.Best?.Losses ?? new Dictionary<string, double>(),
            Measures = run.Best?.Measures ?? new Dictionary<string, double>(),
            BoxLoss = run.Best?.BoxLoss,
            ClassLoss = run.Best?.ClassLoss,
            DflLoss = run.Best?.DflLoss,
            Seconds = run.Epochs.Count > 0 ? run.Epochs[^1].Seconds : 0,
            Differences = names.ToDictionary(name => name, name => run.Options.GetValueOrDefault(name), StringComparer.Ordinal),
        }).ToArray();
    }

    private static string Pair(KeyValuePair<string, object?> option) => NamedValues<object?>.Of([option]).ToString();

    private static bool Differs(string name, IReadOnlyList<TrainingRun> runs) =>
        runs.Select(run => run.Options.GetValueOrDefault(name)).Any(value => !Same(value, runs[0].Options.GetValueOrDefault(name)));

    // A run of the reference writes 10 where another writes 10.0.
    private static bool Same(object? first, object? second) => (first, second) switch
    {
        (long whole, double number) => whole == number,
        (double number, long whole) => whole == number,
        _ => Equals(first, second),
    };

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Epochs} epochs, mAP50-95 {MAP:0.000}");
}
