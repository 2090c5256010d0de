using System.Globalization;
using System.Text;
using System.Xml.Linq;
using static YoloTune.Runs.Reports.Html;

namespace YoloTune.Runs.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">The abscissas, ascending.</param>
/// <param name="Y">The values; those that are not finite interrupt the line.</param>
/// <param name="IsDashed">Whether the line is dashed.</param>
/// <param name="Colour">The number of its colour; null takes its place among the lines.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool IsDashed = false, int? Colour = null);

/// <summary>An upright line through a chart.</summary>
/// <param name="X">Where.</param>
/// <param name="Text">What stands beside it.</param>
/// <param name="IsBest">Whether it marks the best epoch; otherwise a boundary.</param>
internal sealed record ChartMark(double X, string Text, bool IsBest = false);

/// <summary>A chart as inline SVG, whose colours come from the page.</summary>
internal static class SvgChart
{
    private const double Width = 460, Height = 250, Left = 48, Right = 12, Top = 14, Bottom = 34;
    private const int Colours = 8, MostDots = 40;

    /// <summary>Draws a chart with its title and a legend.</summary>
    /// <param name="title">The title.</param>
    /// <param name="axis">What the abscissa is.</param>
    /// <param name="lines">The lines; those without a value are left out.</param>
    /// <param name="marks">Upright lines.</param>
    /// <param name="range">The range of the ordinate; null takes that of the values.</param>
    public static XElement Draw(
        string title, string axis, IReadOnlyList<ChartLine> lines, IReadOnlyList<ChartMark>? marks = null,
            (double Low, double High)? range = null)
    {
        ChartLine[] shown = [.. lines.Where(line => line.Y.Any(double.IsFinite))];
        double[] xs = [.. shown.SelectMany(line => line.X)], ys = [.. shown.SelectMany(line => line.Y).Where(double.IsFinite)];
        (double fromX, double toX) = xs.Length == 0 ? (0, 1) : Widened(xs.Min(), xs.Max(), 0);
        (double low, double high) = range ?? (ys.Length == 0
            ? (0, 1) : Widened(Math.Min(ys.Min(), ys.Min() > 0 && ys.Min() < ys.Max() / 2 ? 0 : ys.Min()), ys.Max(), 0.04));
        double X(double x) => Left + ((x - fromX) / (toX - fromX) * (Width - Left - Right));
        double Y(double y) => Top + ((high - y) / (high - low) * (Height - Top - Bottom));
        List<XElement> parts = [];
        foreach (double tick in Ticks(low, high, 5))
        {
            parts.Add(Line("grid", Left, Y(tick), Width - Right, Y(tick)));
            parts.Add(Text("tick", Left - 6, Y(tick) + 3.5, "end", Number(tick)));
        }
        foreach (double tick in Ticks(fromX, toX, 7))
        {
            if (axis == "epoch" && tick != Math.Round(tick)) continue;
            parts.Add(Text("tick", X(tick), Height - Bottom + 16, "middle", Number(tick)));
        }
        parts.Add(Line("axis", Left, Height - Bottom, Width - Right, Height - Bottom));
        parts.Add(Text("tick", (Left + Width - Right) / 2, Height - 4, "middle", axis));
        foreach (ChartMark mark in marks ?? [])
        {
            if (mark.X < fromX || mark.X > toX) continue;
            parts.Add(Line(mark.IsBest ? "best" : "stage", X(mark.X), Top, X(mark.X), Height - Bottom));
            bool late = X(mark.X) > Width * 0.75;
            parts.Add(Text(mark.IsBest ? "mark b" : "mark", X(mark.X) + (late ? -4 : 4), mark.IsBest ? Top + 22 : Top + 9,
                late ? "end" : "start", mark.Text));
        }
        parts.AddRange(shown.SelectMany((line, i) => Curve(line, line.Colour ?? i, X, Y)));
        return Tag("figure", Class("chart"), Tag("figcaption", title),
            new XElement("svg", Set("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")), Set("role", "img"),
                Set("aria-label", title), parts),
            shown.Length < 2 ? null : Tag("p", Class("legend"), shown.Select((line, i) =>
                Tag("span", Tag("i", Class("c" + ((line.Colour ?? i) % Colours) + (line.IsDashed ? " d" : ""))), line.Name))));
    }

    /// <summary>Where an axis has numbers: about so many, at multiples of 1, 2 or 5 times a power of ten.</summary>
    internal static IReadOnlyList<double> Ticks(double low, double high, int about)
    {
        double rough = (high - low) / Math.Max(1, about), power = Math.Pow(10, Math.Floor(Math.Log10(rough))), part = rough / power;
        double step = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
        List<double> ticks = [];
        for (double k = Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 1e-9); k++) ticks.Add(k == 0 ? 0 : k * step);
        return ticks;
    }

    private static (double Low, double High) Widened(double low, double high, double part)
    {
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high))) return (low - Math.Max(0.5, Math.Abs(low) * 0.1),
            high + Math.Max(0.5, Math.Abs(high) * 0.1));
        return (low - (part * (high - low)), high + (part * (high - low)));
    }

    private static IEnumerable<XElement> Curve(ChartLine line, int colour, Func<double, double> x, Func<double, double> y)
    {
        StringBuilder path = new();
        bool down = false;
        int finite = 0;
        for (int i = 0; i < line.Y.Count; i++)
        {
            if (!double.IsFinite(line.Y[i]))
            {
                down = false;
                continue;
            }
            path.Append(CultureInfo.InvariantCulture, $"{(down ? 'L' : 'M')}{x(line.X[i]):0.##} {y(line.Y[i]):0.##}");
            down = true;
            finite++;
        }
        string style = "l c" + (colour % Colours) + (line.IsDashed ? " d" : "");
        yield return new("path", Class(style), Set("d", path.ToString()));
        if (finite > MostDots || (finite > 1 && line.IsDashed)) yield break;
        for (int i = 0; i < line.Y.Count; i++)
        {
            if (double.IsFinite(line.Y[i]))
                yield return new("circle", Class("p c" + (colour % Colours)), Coordinate("cx", x(line.X[i])),
                    Coordinate("cy", y(line.Y[i])), Set("r", "2.2"));
        }
    }

    private static XElement Line(string style, double x1, double y1, double x2, double y2) =>
        new("line", Class(style), Coordinate("x1", x1), Coordinate("y1", y1), Coordinate("x2", x2), Coordinate("y2", y2));

    private static XElement Text(string style, double x, double y, string anchor, string text) =>
        new("text", Class(style), Coordinate("x", x), Coordinate("y", y), Set("text-anchor", anchor), text);

    private static XAttribute Coordinate(string name, double value) => Set(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static string Number(double value) => Math.Abs(value) < 1e-12 ? "0"
        : value.ToString(Math.Abs(value) is >= 1e-4 and < 1e6 ? "0.#####" : "0.#e-0", CultureInfo.InvariantCulture);
}
