using ScottPlot;
using ScottPlot.Plottables;

namespace YoloTune.Drawing;

/// <summary>results.png: every loss and metric of a run over its epochs, with a smoothed line.</summary>
internal static class ResultsPlot
{
    /// <summary>Standard deviation of the smoothing Gaussian in epochs.</summary>
    public const double SmoothingSigma = 3;

    private const int LongestWithMarkers = 60;

    /// <summary>Writes the picture, one panel a series; series without a single finite value are left out.</summary>
    /// <param name="series">The series in the order of the panels, along the rows; two rows for 4 to 12 of them.</param>
    /// <param name="path">The picture to write, normally results.png. Its folder is created.</param>
    /// <exception cref="ArgumentException">No series has a finite value, or one has epochs and values of different number.</exception>
    public static void Save(IReadOnlyList<EpochSeries> series, string path)
    {
        using var sheet = new PlotSheet();
        int panels = 0;
        foreach (EpochSeries one in series)
        {
            if (one.Epochs.Count != one.Values.Count)
            {
                throw new ArgumentException(
                    $"Series {one.Name} has {one.Epochs.Count} epochs and {one.Values.Count} values.", nameof(series));
            }
            int[] finite = [.. Enumerable.Range(0, one.Values.Count).Where(i => double.IsFinite(one.Values[i]))];
            if (finite.Length == 0) continue;
            double[] epochs = [.. finite.Select(i => one.Epochs[i])], values = [.. finite.Select(i => one.Values[i])];
            AddPanel(sheet.Add([one.Name]), one.Name, epochs, values, legend: panels++ == 0);
        }
        if (panels == 0) throw new ArgumentException("There is nothing to plot: no series has a finite value.", nameof(series));
        int columns = panels <= 3 ? panels : panels <= 12 ? (panels + 1) / 2 : 6;
        sheet.Save(path, columns, 330, 300);
    }

    /// <summary>A Gaussian-weighted mean over the neighbouring points, weights renormalised at the ends.</summary>
    internal static double[] Smooth(IReadOnlyList<double> values, double sigma)
    {
        int reach = (int)Math.Ceiling(4 * sigma);
        double[] smooth = new double[values.Count];
        for (int i = 0; i < smooth.Length; i++)
        {
            double sum = 0, weights = 0;
            for (int j = Math.Max(0, i - reach); j <= Math.Min(values.Count - 1, i + reach); j++)
            {
                double weight = Math.Exp(-0.5 * (i - j) * (i - j) / (sigma * sigma));
                sum += weight * values[j];
                weights += weight;
            }
            smooth[i] = sum / weights;
        }
        return smooth;
    }

    private static void AddPanel(Plot plot, string name, double[] epochs, double[] values, bool legend)
    {
        plot.Title(name);
        bool marked = epochs.Length <= LongestWithMarkers;
        Scatter line = plot.Add.Scatter(epochs, values, PlotSheet.Colour(0).WithOpacity(marked ? 1 : 0.5));
        line.LineWidth = marked ? 2 : 1.2f;
        line.MarkerSize = marked ? 5 : 0;
        Scatter smooth = plot.Add.ScatterLine(epochs, Smooth(values, SmoothingSigma), Colors.DarkOrange);
        smooth.LineWidth = 2;
        smooth.LinePattern = marked ? LinePattern.Dotted : LinePattern.Solid;
        PlotSheet.SetNumbers(plot.Axes.Bottom, integers: true);
        plot.Axes.Margins(0.04, 0.08);
        plot.Axes.AutoScale();
        if (epochs.Length == 1) plot.Axes.SetLimitsX(epochs[0] - 1, epochs[0] + 1);
        Widen(plot, values);
        if (!legend) return;
        // One legend is enough, and ScottPlot shows one wherever a curve has a text for it.
        line.LegendText = "results";
        smooth.LegendText = "smooth";
        plot.ShowLegend(values[^1] < values[0] ? Alignment.UpperRight : Alignment.LowerRight);
    }

    /// <summary>A constant curve would stand in a range of no height.</summary>
    private static void Widen(Plot plot, double[] values)
    {
        double low = values.Min(), high = values.Max();
        if (high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high))) return;
        double around = Math.Max(Math.Abs(low) * 0.1, 1e-3);
        plot.Axes.SetLimitsY(low - around, high + around);
    }
}
