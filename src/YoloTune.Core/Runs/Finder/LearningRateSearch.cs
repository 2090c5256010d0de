using YoloTune.Drawing;


namespace YoloTune.Runs.Finder;

/// <summary>What a learning-rate sweep found.</summary>
public sealed record LearningRateSearch
{
    /// <summary>The steps, the learning rate ascending.</summary>
    public required IReadOnlyList<LearningRatePoint> Points { get; init; }

    /// <summary>
    /// The rate to start from: where the smoothed loss falls most steeply. It lies inside the fall of the curve; null when there is no fall
    /// that stands out from the noise, and <see cref="Reason"/> says why.
    /// </summary>
    public double? Suggestion => Steepest;

    /// <summary>Why there is no suggestion, and what to do; null when there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the smoothed loss falls most steeply over the logarithm of the rate; null without a fall.</summary>
    public double? Steepest { get; init; }

    /// <summary>Where the smoothed loss is least; null without a fall.</summary>
    public double? Minimum { get; init; }

    /// <summary>A tenth of <see cref="Minimum"/>, the cautious choice; null without a fall.</summary>
    public double? MinimumTenth => Minimum / 10;

    /// <summary>Whether the loss exploded before the last rate.</summary>
    public bool Diverged { get; init; }

    /// <summary>The optimiser that was swept.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The plot; null when none was asked for.</summary>
    public string? Plot { get; init; }

    /// <summary>Smooths a curve and finds the suggestions on it.</summary>
    /// <param name="steps">Rate and loss of every step; the rates are evenly spaced over the logarithm.</param>
    /// <param name="diverged">Whether the sweep ended with an explosion.</param>
    /// <param name="optimizer">The optimiser.</param>
    internal static LearningRateSearch Of(IReadOnlyList<(double Rate, double Loss)> steps, bool diverged, string optimizer)
    {
        LearningRateFall fall = LearningRateFall.Of([.. steps.Select(step => step.Loss)]);
        return new()
        {
            Points = steps.Select((step, i) => new LearningRatePoint(step.Rate, step.Loss, fall.Smoothed[i])).ToArray(),
            Diverged = diverged,
            Optimizer = optimizer,
            Reason = fall.Obstacle,
            Steepest = fall.Steepest is int steepest ? steps[steepest].Rate : null,
            Minimum = fall.Least is int least ? steps[least].Rate : null,
        };
    }

    /// <summary>Draws the curve with its suggestions into a picture, and notes where it is.</summary>
    /// <param name="path">The picture to write. Its folder is created.</param>
    public LearningRateSearch Save(string path)
    {
        List<KeyValuePair<string, double>> marks = [];
        if (Steepest is double steepest) marks.Add(new("steepest", steepest));
        if (MinimumTenth is double tenth) marks.Add(new("minimum/10", tenth));
        LearningRatePlot.Save(
            new(
                [.. Points.Select(point => point.LearningRate)], [.. Points.Select(point => point.Loss)],
                [.. Points.Select(point => point.Smoothed)], marks),
            path);
        return this with { Plot = path };
    }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Points.Count} steps of {Optimizer}, suggestion {Suggestion:0.##e-0}");
}

/// <summary>One step of a learning-rate sweep.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The loss of its batches before the step: box, class and distribution together.</param>
/// <param name="Smoothed">The loss smoothed over the steps before and after it.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss, double Smoothed)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{LearningRate:0.##e-0}: {Loss:0.0000}");
}
