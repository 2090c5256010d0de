namespace YoloTune.Evaluation;

/// <summary>The few numerical tools that precision-recall curves need, in double precision, with the conventions of NumPy.</summary>
internal static class CurveMath
{
    /// <summary><paramref name="count"/> points from 0 to 1.</summary>
    public static double[] UnitRange(int count)
    {
        double step = 1.0 / (count - 1);
        double[] points = new double[count];
        for (int i = 0; i < count; i++) points[i] = i * step;
        points[^1] = 1;
        return points;
    }

    /// <summary>
    /// Piecewise linear interpolation at ascending or descending <paramref name="at"/> over ascending <paramref name="x"/>; where x
    /// repeats,
    /// the last point counts.
    /// </summary>
    /// <param name="at">Where to interpolate.</param>
    /// <param name="x">Abscissae, ascending, at least one.</param>
    /// <param name="y">Ordinates.</param>
    /// <param name="left">The value below the first abscissa; its own value when null. Above the last one it is the last value.</param>
    public static double[] Interpolate(ReadOnlySpan<double> at, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double? left = null)
    {
        double[] result = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            int after = UpperBound(x, at[i]);
            if (after == 0) result[i] = left ?? y[0];
            else if (after == x.Length || x[after - 1] == at[i]) result[i] = y[after - 1];
            else
            {
                double slope = (y[after] - y[after - 1]) / (x[after] - x[after - 1]);
                result[i] = y[after - 1] + (slope * (at[i] - x[after - 1]));
            }
        }
        return result;
    }

    /// <summary>Area under the curve by the trapezoid rule.</summary>
    public static double Area(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double area = 0;
        for (int i = 1; i < x.Length; i++) area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        return area;
    }

    /// <summary>Moving average whose window is a fraction (times two) of the length; the ends are continued by their own values.</summary>
    public static double[] Smooth(ReadOnlySpan<double> y, double fraction)
    {
        int window = ((int)Math.Round(y.Length * fraction * 2, MidpointRounding.ToEven) / 2) + 1;
        int margin = window / 2;
        double[] padded = new double[y.Length + (2 * margin)];
        Array.Fill(padded, y[0], 0, margin);
        y.CopyTo(padded.AsSpan(margin));
        Array.Fill(padded, y[^1], margin + y.Length, margin);
        double[] result = new double[padded.Length - window + 1];
        for (int i = 0; i < result.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < window; k++) sum += padded[i + k];
            result[i] = sum / window;
        }
        return result;
    }

    private static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
