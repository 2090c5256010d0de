using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace YoloTune.Drawing;

/// <summary>The picture of a learning-rate finder's sweep.</summary>
internal static class LearningRatePlot
{
    /// <summary>Writes loss over learning rate (logarithmic) with the suggestions marked.</summary>
    /// <param name="curve">The sweep; points whose rate or loss is no number are left out.</param>
    /// <param name="path">The picture to write. Its folder is created.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or no point can be drawn.</exception>
    public static void Save(LearningRateCurve curve, string path)
    {
        if (curve.Losses.Count != curve.Rates.Count || curve.Smoothed.Count != curve.Rates.Count)
        {
            throw new ArgumentException($"{curve.Rates.Count} learning rates need as many losses and smoothed losses.", nameof(curve));
        }
        (double[] X, double[] Y) raw = Points(curve.Rates, curve.Losses), smooth = Points(curve.Rates, curve.Smoothed);
        if (smooth.X.Length == 0) throw new ArgumentException("There is nothing to plot: no smoothed loss is finite.", nameof(curve));
        using var sheet = new PlotSheet();
        Plot plot = sheet.Add(curve.Suggestions.Select(s => s.Key));
        plot.Title("Learning-rate finder");
        plot.XLabel("learning rate");
        plot.YLabel("loss");
        Markers points = plot.Add.Markers(raw.X, raw.Y, MarkerShape.FilledCircle, 4, Colors.Gray.WithOpacity(0.45));
        points.LegendText = "loss of a step";
        Scatter line = plot.Add.ScatterLine(smooth.X, smooth.Y, PlotSheet.Colour(0));
        line.LineWidth = 2.5f;
        line.LegendText = "smoothed";
        for (int i = 0; i < curve.Suggestions.Count; i++) Mark(plot, curve.Suggestions[i], i + 1);
        // The explosion at the end would press all that matters into a line.
        double low = smooth.Y.Min(), reach = Math.Max(smooth.Y[0] - low, Math.Abs(low) * 0.05 + 1e-9);
        plot.Axes.SetLimits(smooth.X[0] - 0.1, smooth.X[^1] + 0.1, low - 0.25 * reach, low + 1.8 * reach);
        plot.Axes.Bottom.TickGenerator = Decades(smooth.X[0] - 0.1, smooth.X[^1] + 0.1);
        plot.ShowLegend(Alignment.LowerLeft);
        sheet.Save(path, 1, 900, 560);
    }

    private static (double[] X, double[] Y) Points(IReadOnlyList<double> rates, IReadOnlyList<double> losses)
    {
        bool IsGood(int i) => rates[i] > 0 && double.IsFinite(rates[i]) && double.IsFinite(losses[i]);
        int[] good = [.. Enumerable.Range(0, rates.Count).Where(IsGood)];
        return ([.. good.Select(i => Math.Log10(rates[i]))], [.. good.Select(i => losses[i])]);
    }

    private static void Mark(Plot plot, KeyValuePair<string, double> suggestion, int colour)
    {
        if (!(suggestion.Value > 0)) return;
        VerticalLine mark = plot.Add.VerticalLine(Math.Log10(suggestion.Value), 2, PlotSheet.Colour(colour), LinePattern.Dashed);
        mark.LegendText = string.Create(CultureInfo.InvariantCulture, $"{suggestion.Key}: {suggestion.Value:0.##e-0}");
    }

    private static NumericManual Decades(double from, double to)
    {
        var ticks = new NumericManual();
        for (int decade = (int)Math.Floor(from); decade <= to; decade++)
        {
            ticks.AddMajor(decade, string.Create(CultureInfo.InvariantCulture, $"1e{decade}"));
            for (int part = 2; part < 10; part++) ticks.AddMinor(decade + Math.Log10(part));
        }
        return ticks;
    }
}

/// <summary>What a learning-rate finder measured.</summary>
/// <param name="Rates">The learning rates tried, ascending and positive.</param>
/// <param name="Losses">The loss of the batch at each rate; NaN where there is none.</param>
/// <param name="Smoothed">The smoothed loss at each rate.</param>
/// <param name="Suggestions">Rates to mark, each with what it is, such as steepest or minimum/10.</param>
internal sealed record LearningRateCurve(
    IReadOnlyList<double> Rates,
    IReadOnlyList<double> Losses,
    IReadOnlyList<double> Smoothed,
    IReadOnlyList<KeyValuePair<string, double>> Suggestions);
