using System.Globalization;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>A sheet of plots in a grid, in our typeface, written as one picture.</summary>
internal sealed class PlotSheet : IDisposable
{
    private const int Margin = 12;
    private readonly List<Plot> plots = [];

    /// <summary>A new plot, to be placed in the order of creation: along the rows.</summary>
    /// <param name="texts">Texts it will show that users chose, for a font that has their characters.</param>
    public Plot Add(IEnumerable<string>? texts = null)
    {
        PictureFont.Register();
        var plot = new Plot();
        plot.Font.Set(PictureFont.FamilyFor(texts ?? []));
        plot.Axes.Title.Label.FontSize = 17;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.Bold = false;
            axis.Label.FontSize = 15;
            axis.TickLabelStyle.FontSize = 13;
            if (axis is AxisBase { Edge: Edge.Left or Edge.Bottom } outer) outer.PaddingBetweenTickAndAxisLabels = new PixelPadding(8);
            if (axis.TickGenerator is NumericAutomatic) SetNumbers(axis);
        }
        plot.Legend.OutlineColor = Colors.Black.WithOpacity(0.25);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(0.08);
        plots.Add(plot);
        return plot;
    }

    /// <summary>Draws all plots in a grid and writes the picture.</summary>
    /// <param name="path">The file; its extension decides the format.</param>
    /// <param name="columns">Plots a row.</param>
    /// <param name="width">Width of one plot in pixels before <paramref name="scale"/>.</param>
    /// <param name="height">Height of one plot in pixels before <paramref name="scale"/>.</param>
    /// <param name="scale">Pixels of the picture for one pixel of the plot: text and lines grow along.</param>
    public void Save(string path, int columns, int width, int height, float scale = 1.5f)
    {
        int rows = (plots.Count + columns - 1) / columns;
        var info = new SKImageInfo((int)((columns * width + Margin) * scale), (int)((rows * height + Margin) * scale));
        using SKSurface surface = SKSurface.Create(info);
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        for (int i = 0; i < plots.Count; i++)
        {
            float left = i % columns * width, top = i / columns * height;
            var place = new PixelRect(left + Margin, left + width, top + height, top + Margin);
            // A plot clears the whole canvas before it draws.
            surface.Canvas.Save();
            surface.Canvas.ClipRect(place.ToSKRect());
            plots[i].Render(surface.Canvas, place);
            surface.Canvas.Restore();
        }
        PictureFile.Save(surface, path);
    }

    /// <summary>Class names along an axis, every n-th when they would touch.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="names">Name of the class at position 0, 1, 2 ...</param>
    /// <param name="room">Pixels the axis will have, about.</param>
    /// <param name="longest">Characters a name may have; longer ones are shortened.</param>
    public static void SetNames(IAxis axis, IReadOnlyList<string> names, double room, int longest = 24)
    {
        double slot = room / Math.Max(1, names.Count);
        float size = (float)Math.Clamp(slot * 0.85, 8.5, 14);
        int step = Math.Max(1, (int)Math.Ceiling(size * 1.1 / slot));
        int[] shown = [.. Enumerable.Range(0, names.Count).Where(i => i % step == 0)];
        string[] labels = [.. shown.Select(i => PictureFont.Shorten(names[i], longest))];
        axis.TickGenerator = new NumericManual([.. shown.Select(i => (double)i)], labels) { MaxTickCount = int.MaxValue };
        axis.TickLabelStyle.FontSize = size;
        axis.MajorTickStyle.Length = step == 1 ? 0 : 3;
        float widest = labels.Length == 0 ? 0 : labels.Max(l => PictureFont.Measure(l, size));
        bool upright = axis is IXAxis && widest > slot * 0.9;
        if (!upright) return;
        axis.TickLabelStyle.Rotation = -90;
        axis.TickLabelStyle.Alignment = Alignment.MiddleRight;
        axis.MinimumSize = widest + (axis.Label.Text.Length > 0 ? 34 : 12);
    }

    /// <summary>Numbers along an axis, not too close and the same in every culture.</summary>
    public static void SetNumbers(IAxis axis, bool integers = false)
        => axis.TickGenerator = new NumericAutomatic { IntegerTicksOnly = integers, TickDensity = 0.5, LabelFormatter = Format };

    /// <summary>Adds the scale of a heat map's colours at the right.</summary>
    public static void AddColourBar(Plot plot, IHasColorAxis map, bool integers = false)
    {
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(map);
        bar.Axis.TickLabelStyle.FontName = PictureFont.Family;
        bar.Axis.TickLabelStyle.FontSize = 13;
        SetNumbers(bar.Axis, integers);
    }

    /// <summary>The palette's colour of a class for plots.</summary>
    public static Color Colour(int classId) => new(ClassPalette.Colour(classId));

    private static string Format(double value)
    {
        bool plain = value == 0 || Math.Abs(value) is >= 1e-4 and < 1e7;
        return value.ToString(plain ? "0.######" : "0.###e-0", CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (Plot plot in plots) plot.Dispose();
    }
}
