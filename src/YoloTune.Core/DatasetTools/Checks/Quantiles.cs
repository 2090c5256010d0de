namespace YoloTune.DatasetTools.Checks;

/// <summary>Values below which a fraction of all values lies.</summary>
/// <param name="P5">One in twenty is smaller.</param>
/// <param name="P25">A quarter is smaller.</param>
/// <param name="Median">Half are smaller.</param>
/// <param name="P75">Three quarters are smaller.</param>
/// <param name="P95">All but one in twenty are smaller.</param>
public sealed record Quantiles(double P5, double P25, double Median, double P75, double P95)
{
    /// <summary>The five values with three decimals.</summary>
    public override string ToString() => FormattableString.Invariant($"{P5:0.000}, {P25:0.000}, {Median:0.000}, {P75:0.000}, {P95:0.000}");

    /// <summary>The quantiles of values, interpolated between neighbours; null when there are none.</summary>
    public static Quantiles? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;
        return new(At(0.05), At(0.25), At(0.5), At(0.75), At(0.95));

        double At(double share)
        {
            double position = share * (sorted.Length - 1);
            int below = (int)position;
            double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
            return sorted[below] + (position - below) * (above - sorted[below]);
        }
    }
}
