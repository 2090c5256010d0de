namespace YoloTune.Runs.Finder;

/// <summary>
/// The smoothed curve of a learning-rate sweep, and the fall in it. Losses are smoothed by straight lines fitted around every step with
/// Gaussian weights (local linear regression, Cleveland 1979), which shifts nothing to later steps as a running mean does. Losses above
/// the level of the sweep's beginning count by their logarithm, so that the explosion at the end does not reach back into the fall; what
/// comes after it, when a ruined network may find no object and have a loss of nearly nothing, is not looked at.
/// </summary>
internal sealed class LearningRateFall
{
    // The standard deviation of the weights, as a fraction of the steps: a fall stretches over a decade or more, a sixth of a usual sweep.
    private const double Width = 0.04;

    // The loss has to fall by this fraction, and by this many standard errors of the smoothed curve, to tell a fall from noise: of 400
    // curves of noise alone none was taken for one.
    private const double LeastFall = 0.05, StandardErrors = 6;

    // The fall is where the loss has left its level by this fraction of the fall, and has as much still to go.
    private const double Edge = 0.1;

    // A smoothed loss this far above the least one so far, as a fraction of the level, is an explosion.
    private const double Explosion = 0.25;

    // The first steps, as a fraction of all, whose median is the level.
    private const double Beginning = 1 / 3.0;

    private readonly double[] heights, slopes;
    private readonly double width;

    private LearningRateFall(IReadOnlyList<double> losses)
    {
        double[] beginning = [.. losses.Take(Math.Max(3, (int)(losses.Count * Beginning))).Order()];
        double level = beginning.Length > 0 && beginning[beginning.Length / 2] > 0 ? beginning[beginning.Length / 2] : 1;
        double[] values = [.. losses.Select(loss => loss <= level ? loss / level : 1 + Math.Log(loss / level))];
        width = Math.Max(1, Width * values.Length);
        (heights, slopes) = Fit(values, width);
        Smoothed = [.. heights.Select(height => level * (height <= 1 ? height : Math.Exp(height - 1)))];
        Obstacle = Search(values);
    }

    /// <summary>The smoothed loss of every step.</summary>
    public IReadOnlyList<double> Smoothed { get; }

    /// <summary>The step where the loss falls most steeply, within the fall; null where there is none.</summary>
    public int? Steepest { get; private set; }

    /// <summary>The step with the least smoothed loss; null without a fall.</summary>
    public int? Least { get; private set; }

    /// <summary>Why there is no fall, with what to do, in sentences; null where there is one.</summary>
    public string? Obstacle { get; }

    /// <summary>Looks for the fall.</summary>
    /// <param name="losses">The loss of every step, the logarithm of the rate rising evenly.</param>
    public static LearningRateFall Of(IReadOnlyList<double> losses) => new(losses);

    private string? Search(double[] values)
    {
        // What happens at the ends of the sweep, within the width of the smoothing, may be noise.
        int margin = (int)Math.Ceiling(width), last = values.Length - 1;
        if (values.Length < 3) return "The sweep ended after fewer than three steps. Begin with a smaller -Minimum.";
        int least = IndexOfLeast(heights, 0, BeforeExplosion(margin));
        if (least <= margin)
            return "The loss rises from the first rate on. Begin with a smaller -Minimum, or take the model as trained already.";
        int top = IndexOfLeast([.. heights.Select(value => -value)], margin, least);
        double fall = heights[top] - heights[least], error = StandardError(values.AsSpan(0, least + 1));
        if (fall < Math.Max(LeastFall, StandardErrors * error))
        {
            return FormattableString.Invariant(
                $"The loss falls by {100 * fall:0.0} % only, no more than batches differ from each other. ")
                + "Sweep more steps or another range; a model that is trained already may have no fall.";
        }
        int first = Enumerable.Range(top, least - top + 1).Last(i => heights[i] >= heights[top] - (Edge * fall));
        int end = Enumerable.Range(first, least - first + 1).First(i => heights[i] <= heights[least] + (Edge * fall));
        int steepest = IndexOfLeast(slopes, first, end);
        // A slope needs points on both sides of it.
        if (steepest <= 2 * margin) return "The loss falls most steeply at the first rates of the sweep. Begin with a smaller -Minimum.";
        if (steepest >= last - (2 * margin))
            return "The loss falls most steeply at the last rates of the sweep. End with a larger -Maximum, or sweep more steps.";
        (Steepest, Least) = (steepest, least);
        return null;
    }

    /// <summary>The last step before the loss explodes.</summary>
    private int BeforeExplosion(int margin)
    {
        double least = double.PositiveInfinity;
        for (int i = margin; i < heights.Length; i++)
        {
            least = Math.Min(least, heights[i]);
            if (heights[i] > least + Explosion) return i - 1;
        }
        return heights.Length - 1;
    }

    /// <summary>
    /// The standard error of the smoothed curve, from the second differences of the losses: a slope does not enter them, and a few outliers
    /// do not count in their median.
    /// </summary>
    private double StandardError(ReadOnlySpan<double> values)
    {
        if (values.Length < 3) return 0;
        double[] differences = new double[values.Length - 2];
        for (int i = 0; i < differences.Length; i++) differences[i] = Math.Abs(values[i] - (2 * values[i + 1]) + values[i + 2]);
        Array.Sort(differences);
        // The median of a normal variable's size is its standard deviation over 1.4826; a second difference has six times the variance.
        double noise = 1.4826 * differences[differences.Length / 2] / Math.Sqrt(6);
        return noise / Math.Sqrt(2 * Math.Sqrt(Math.PI) * width);
    }

    private static int IndexOfLeast(double[] values, int first, int last)
    {
        int least = first;
        for (int i = first + 1; i <= last; i++)
        {
            if (values[i] < values[least]) least = i;
        }
        return least;
    }

    /// <summary>Value and slope of the straight line that fits best around every point.</summary>
    private static (double[] Values, double[] Slopes) Fit(double[] values, double width)
    {
        double[] fitted = new double[values.Length], slopes = new double[values.Length];
        int reach = (int)Math.Ceiling(3 * width);
        for (int i = 0; i < values.Length; i++)
        {
            double weights = 0, x = 0, xx = 0, y = 0, xy = 0;
            for (int j = Math.Max(0, i - reach); j <= Math.Min(values.Length - 1, i + reach); j++)
            {
                double distance = j - i, weight = Math.Exp(-0.5 * distance * distance / (width * width));
                weights += weight;
                x += weight * distance;
                xx += weight * distance * distance;
                y += weight * values[j];
                xy += weight * distance * values[j];
            }
            double determinant = (weights * xx) - (x * x);
            if (determinant <= 0)
            {
                (fitted[i], slopes[i]) = (values[i], 0);
                continue;
            }
            fitted[i] = ((y * xx) - (xy * x)) / determinant;
            slopes[i] = ((weights * xy) - (x * y)) / determinant;
        }
        return (fitted, slopes);
    }
}
