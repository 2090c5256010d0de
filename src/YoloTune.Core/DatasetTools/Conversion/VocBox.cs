using System.Globalization;
using System.Xml.Linq;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// The corners of a VOC object as they stand in the file, the smaller ones first; NaN where one is missing or not a number.
/// </summary>
internal readonly record struct VocBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The corners of an object's bndbox, otherwise the box around its polygon.</summary>
    public static VocBox Of(XElement item)
    {
        XElement? box = item.Element("bndbox");
        VocBox corners = Around(
            [Value(box?.Element("xmin")), Value(box?.Element("xmax"))], [Value(box?.Element("ymin")), Value(box?.Element("ymax"))]);
        if (corners.IsFinite || item.Element("polygon") is not { } polygon) return corners;
        VocBox around = Around(Coordinates(polygon, 'x'), Coordinates(polygon, 'y'));
        return around.IsFinite ? around : corners;
    }

    /// <summary>The number that an element holds; null when it holds none.</summary>
    public static double? Number(XElement? element) => element is not null
        && double.TryParse(element.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private bool IsFinite => double.IsFinite(Left) && double.IsFinite(Top) && double.IsFinite(Right) && double.IsFinite(Bottom);

    private static double Value(XElement? element) => Number(element) ?? double.NaN;

    // x1, y1, x2, y2 ... as Roboflow writes them, or points of x and y.
    private static double[] Coordinates(XElement polygon, char axis) =>
        [.. polygon.Descendants().Where(element => !element.HasElements && element.Name.LocalName is var name
            && name.Length > 0 && name[0] == axis && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0).Select(Value)];

    // Min and Max hand a NaN on.
    private static VocBox Around(double[] xs, double[] ys) => xs.Length < 2 || ys.Length < 2
        ? new(double.NaN, double.NaN, double.NaN, double.NaN)
        : new(xs.Min(), ys.Min(), xs.Max(), ys.Max());
}
