using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace YoloTune.Drawing;

/// <summary>BoxPR_curve.png, BoxF1_curve.png, BoxP_curve.png and BoxR_curve.png.</summary>
internal static class ClassCurvesPlot
{
    /// <summary>With more classes than this only the mean is named, and the classes' curves are thin and pale.</summary>
    public const int MostNamedClasses = 20;

    /// <summary>Writes one picture.</summary>
    /// <param name="curves">The curves; none is allowed and gives an empty frame.</param>
    /// <param name="path">The picture to write. Its folder is created.</param>
    /// <exception cref="ArgumentException">Lists of the record that belong together differ in length.</exception>
    public static void Save(ClassCurves curves, string path)
    {
        int count = curves.Curves.Count;
        if (curves.ClassIds.Count != count || curves.ClassNames.Count != count || curves.ClassValues is { } values && values.Count != count)
        {
            throw new ArgumentException($"{count} curves need as many class ids, names and values.", nameof(curves));
        }
        if (curves.Curves.Any(c => c.Count != curves.X.Count))
        {
            throw new ArgumentException($"Every curve needs {curves.X.Count} values, one a point.", nameof(curves));
        }
        using var sheet = new PlotSheet();
        Plot plot = sheet.Add(curves.ClassNames);
        plot.Title(curves.Title);
        plot.XLabel(curves.XLabel);
        plot.YLabel(curves.YLabel);
        double[] x = [.. curves.X];
        bool named = count <= MostNamedClasses;
        for (int i = 0; i < count; i++)
        {
            Scatter line = plot.Add.ScatterLine(x, [.. curves.Curves[i]]);
            Color colour = PlotSheet.Colour(curves.ClassIds[i]);
            line.Color = named ? colour : colour.WithOpacity(0.35);
            line.LineWidth = named ? 1.5f : 1;
            if (named) line.LegendText = Named(curves, i);
        }
        if (count > 0)
        {
            Scatter mean = plot.Add.ScatterLine(x, Mean(curves));
            mean.Color = Colors.Black;
            mean.LineWidth = 3.5f;
            mean.LegendText = curves.MeanLabel;
            LegendOnTheRight(plot);
        }
        plot.Axes.SetLimits(0, 1, 0, 1.02);
        sheet.Save(path, 1, 1050, 680);
    }

    private static string Named(ClassCurves curves, int i)
    {
        string name = PictureFont.Shorten(curves.ClassNames[i], 28);
        return curves.ClassValues is { } values ? string.Create(CultureInfo.InvariantCulture, $"{name}: {values[i]:0.000}") : name;
    }

    private static double[] Mean(ClassCurves curves)
    {
        double[] mean = new double[curves.X.Count];
        for (int i = 0; i < mean.Length; i++) mean[i] = curves.Curves.Average(c => c[i]);
        return mean;
    }

    private static void LegendOnTheRight(Plot plot)
    {
        plot.Legend.FontSize = 13;
        plot.Legend.OutlineWidth = 0;
        plot.ShowLegend(Edge.Right);
    }
}
