namespace YoloTune.Evaluation;

/// <summary>
/// The curves of an evaluation as numbers, at an overlap of 0.50. Each has <see cref="Points"/> values over <see cref="Axis"/>.
/// </summary>
/// <param name="BestConfidence">The confidence of the operating point: where the smoothed mean F1 is largest.</param>
/// <param name="Classes">One set of curves for every class with labels.</param>
public sealed record MetricCurves(double BestConfidence, IReadOnlyList<ClassPrecision> Classes)
{
    /// <summary>How many values a curve has.</summary>
    public const int Points = 1000;

    /// <summary>The abscissa of every curve: 0 to 1.</summary>
    public static IReadOnlyList<double> Axis { get; } = CurveMath.UnitRange(Points);

    /// <summary>The index of <see cref="BestConfidence"/> on <see cref="Axis"/>.</summary>
    public int BestPoint => (int)Math.Round(BestConfidence * (Points - 1));

    /// <summary>Mean precision over confidence.</summary>
    public double[] Precision => Mean(c => c.PrecisionCurve);

    /// <summary>Mean recall over confidence.</summary>
    public double[] Recall => Mean(c => c.RecallCurve);

    /// <summary>Mean F1 over confidence.</summary>
    public double[] F1 => Mean(c => c.F1Curve);

    /// <summary>Mean precision over recall.</summary>
    public double[] PrecisionRecall => Mean(c => c.PrecisionRecallCurve);

    private double[] Mean(Func<ClassPrecision, double[]> curve)
    {
        double[] mean = new double[Points];
        foreach (ClassPrecision c in Classes)
        {
            double[] values = curve(c);
            for (int i = 0; i < Points; i++) mean[i] += values[i] / Classes.Count;
        }
        return mean;
    }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Points} points, best F1 at confidence {BestConfidence:0.000}");
}
