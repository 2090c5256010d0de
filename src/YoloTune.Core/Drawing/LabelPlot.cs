using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace YoloTune.Drawing;

/// <summary>labels.jpg: what the boxes of a dataset look like.</summary>
internal static class LabelPlot
{
    /// <summary>At most so many boxes are drawn one upon the other.</summary>
    public const int MostBoxes = 500;

    private const int Bins = 50;
    private const int PanelWidth = 920;
    private const int PanelHeight = 640;

    /// <summary>Writes four panels: instances a class, boxes about one centre, 2-D histograms of centres and of sizes.</summary>
    /// <param name="labels">The boxes; none is allowed and gives empty panels.</param>
    /// <param name="path">The picture to write, normally labels.jpg. Its folder is created.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static void Save(LabelStatistics labels, string path)
    {
        int count = labels.ClassIds.Count;
        if (labels.CentreX.Count != count || labels.CentreY.Count != count || labels.Widths.Count != count || labels.Heights.Count != count)
        {
            throw new ArgumentException($"{count} boxes need as many centres, widths and heights.", nameof(labels));
        }
        using var sheet = new PlotSheet();
        AddInstances(sheet.Add(labels.ClassNames), labels.ClassIds, labels.ClassNames, "instances");
        AddBoxes(sheet.Add(), labels);
        AddHistogram(sheet.Add(), "Box centres", "x", "y (down, as in the image)", labels.CentreX, labels.CentreY, downwards: true);
        AddHistogram(sheet.Add(), "Box sizes", "width", "height", labels.Widths, labels.Heights, downwards: false);
        sheet.Save(path, 2, PanelWidth, PanelHeight);
    }

    /// <summary>Writes one panel: images per class.</summary>
    /// <param name="classIds">The class of each image.</param>
    /// <param name="classNames">Names of all classes.</param>
    /// <param name="path">The picture to write.</param>
    public static void SaveClasses(IReadOnlyList<int> classIds, IReadOnlyList<string> classNames, string path)
    {
        using var sheet = new PlotSheet();
        AddInstances(sheet.Add(classNames), classIds, classNames, "images");
        sheet.Save(path, 1, PanelWidth, PanelHeight);
    }

    private static void AddInstances(Plot plot, IReadOnlyList<int> classIds, IReadOnlyList<string> classNames, string what)
    {
        int classes = classNames.Count;
        int[] counts = new int[classes];
        foreach (int id in classIds)
        {
            if (id >= 0 && id < classes) counts[id]++;
        }
        Bar[] bars = [.. counts.Select((n, id) => new Bar
        {
            Position = id, Value = n, FillColor = PlotSheet.Colour(id), LineWidth = 0, Size = 0.8,
            Label = classes <= 20 ? n.ToString(CultureInfo.InvariantCulture) : "",
        })];
        BarPlot plotted = plot.Add.Bars(bars);
        plotted.ValueLabelStyle.FontName = PictureFont.Family;
        plotted.ValueLabelStyle.FontSize = 12;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Title($"{char.ToUpperInvariant(what[0])}{what[1..]} per class");
        plot.YLabel(what);
        PlotSheet.SetNames(plot.Axes.Bottom, classNames, PanelWidth - 110);
        double side = Math.Max(0.6, 1.5 - classes * 0.45);
        plot.Axes.SetLimits(-side, classes - 1 + side, 0, Math.Max(1, counts.DefaultIfEmpty(0).Max()) * 1.1);
    }

    private static void AddBoxes(Plot plot, LabelStatistics labels)
    {
        // Every k-th of all boxes, so that the sample spans the dataset.
        int count = labels.ClassIds.Count, shown = Math.Min(count, MostBoxes);
        for (int i = 0; i < shown; i++)
        {
            int box = (int)((long)i * count / shown);
            double w = labels.Widths[box] / 2, h = labels.Heights[box] / 2;
            Rectangle rectangle = plot.Add.Rectangle(0.5 - w, 0.5 + w, 0.5 - h, 0.5 + h);
            rectangle.FillColor = Colors.Transparent;
            rectangle.LineColor = PlotSheet.Colour(labels.ClassIds[box]).WithOpacity(0.6);
            rectangle.LineWidth = 1;
        }
        plot.Title(shown < count ? $"{shown} of {count} boxes about one centre" : "All boxes about one centre");
        plot.XLabel("fraction of the image's width");
        plot.YLabel("fraction of the image's height");
        plot.Axes.SetLimits(0, 1, 0, 1);
    }

    private static void AddHistogram(
        Plot plot, string title, string x, string y, IReadOnlyList<double> xs, IReadOnlyList<double> ys, bool downwards)
    {
        double[,] counts = new double[Bins, Bins];
        for (int i = 0; i < xs.Count; i++)
        {
            if (!double.IsFinite(xs[i]) || !double.IsFinite(ys[i])) continue;
            int row = Bin(ys[i]);
            // The first row of a heat map stands at the top.
            counts[downwards ? row : Bins - 1 - row, Bin(xs[i])]++;
        }
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i / Bins, i % Bins] == 0) counts[i / Bins, i % Bins] = double.NaN;
        }
        if (xs.Count > 0) AddMap(plot, counts);
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        plot.HideGrid();
        plot.Axes.SetLimits(0, 1, 0, 1);
        if (downwards) ShowDownwards(plot);
    }

    private static void AddMap(Plot plot, double[,] counts)
    {
        double most = counts.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).Max();
        // ScottPlot refuses a heat map without a number in it.
        if (most == 0) return;
        Heatmap map = plot.Add.Heatmap(counts);
        map.Rectangle = new CoordinateRect(0, 1, 0, 1);
        map.Colormap = Colormap.FromColors([new Color("#cfe3f5"), new Color("#3a86c4"), new Color("#08306b")]);
        map.NaNCellColor = Colors.White;
        map.ManualRange = new ScottPlot.Range(0, most);
        PlotSheet.AddColourBar(plot, map, integers: true);
    }

    private static void ShowDownwards(Plot plot)
    {
        double[] positions = [.. Enumerable.Range(0, 11).Select(i => i / 10.0)];
        plot.Axes.Left.SetTicks(positions, [.. positions.Select(p => (1 - p).ToString("0.#", CultureInfo.InvariantCulture))]);
    }

    private static int Bin(double value) => Math.Clamp((int)(value * Bins), 0, Bins - 1);
}
