using YoloTune.Drawing;


namespace YoloTune.Runs.Finder;

/// <summary>What a learning-rate sweep found.</summary>
public sealed record LearningRateSearch
{
    /// <summary>The steps, the learning rate ascending.</summary>
    public required IReadOnlyList<LearningRatePoint> Points { get; init; }

    /// <summary>The rate to start from: where the smoothed loss falls most steeply; null when it never falls.</summary>
    public double? Suggestion => Steepest;

    /// <summary>Where the smoothed loss falls most steeply over the logarithm of the rate; null when it never falls.</summary>
    public double? Steepest { get; init; }

    /// <summary>Where the smoothed loss is least; null when it never falls.</summary>
    public double? Minimum { get; init; }

    /// <summary>A tenth of <see cref="Minimum"/>, the cautious choice; null when the loss never falls.</summary>
    public double? MinimumTenth => Minimum / 10;

    /// <summary>Whether the loss exploded before the last rate.</summary>
    public bool Diverged { get; init; }

    /// <summary>The optimiser that was swept.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The plot; null when none was asked for.</summary>
    public string? Plot { get; init; }

    /// <summary>Finds the suggestions on a curve.</summary>
    internal static LearningRateSearch Of(IReadOnlyList<LearningRatePoint> points, bool diverged, string optimizer)
    {
        LearningRateSearch search = new() { Points = points, Diverged = diverged, Optimizer = optimizer };
        if (points.Count < 3) return search;
        int least = 0;
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].Smoothed < points[least].Smoothed) least = i;
        }
        if (least == 0) return search;
        // Rates are evenly spaced over the logarithm, so differences of the loss are slopes; the ends have one neighbour each.
        double Slope(int i) => i == 0
            ? points[1].Smoothed - points[0].Smoothed
            : (points[Math.Min(i + 1, points.Count - 1)].Smoothed - points[i - 1].Smoothed) / (i + 1 < points.Count ? 2 : 1);
        int steepest = Enumerable.Range(0, least + 1).MinBy(Slope);
        return search with { Minimum = points[least].LearningRate, Steepest = points[steepest].LearningRate };
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
}
