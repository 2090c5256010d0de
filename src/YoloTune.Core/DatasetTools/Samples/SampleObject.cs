using System.Globalization;
using System.Text;
using SkiaSharp;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Samples;

/// <summary>A drawn object with everything that a label can say of it; all coordinates divided by the image's size.</summary>
/// <param name="Class">The class.</param>
/// <param name="Box">The upright box.</param>
/// <param name="Outline">x, y of points along the outline.</param>
/// <param name="Corners">x, y of the four corners of the box that turned with the object.</param>
/// <param name="Keypoints">x, y of the top, the left and the right end of the object.</param>
internal sealed record SampleObject(int Class, LabelBox Box, float[] Outline, float[] Corners, float[] Keypoints)
{
    /// <summary>The names of the keypoints.</summary>
    public static IReadOnlyList<string> KeypointNames { get; } = ["top", "left", "right"];

    /// <summary>Which keypoints change places in a mirrored image.</summary>
    public static IReadOnlyList<int> FlipIndex { get; } = [0, 2, 1];

    private const int OutlinePoints = 48;

    /// <summary>The object of a path.</summary>
    /// <param name="id">The class.</param>
    /// <param name="path">The outline as it was drawn.</param>
    /// <param name="bounds">The upright box around it.</param>
    /// <param name="upright">The box around the shape before it was turned.</param>
    /// <param name="place">What turned it and put it into its place.</param>
    /// <param name="size">Width and height of the image.</param>
    public static SampleObject Of(int id, SKPath path, SKRect bounds, SKRect upright, SKMatrix place, int size)
    {
        return new(
            id, new LabelBox(bounds.MidX / size, bounds.MidY / size, bounds.Width / size, bounds.Height / size), Along(path, size),
            Moved([new(upright.Left, upright.Top), new(upright.Right, upright.Top), new(upright.Right, upright.Bottom),
                new(upright.Left, upright.Bottom)]),
            Moved([new(upright.MidX, upright.Top), new(upright.Left, upright.MidY), new(upright.Right, upright.MidY)]));

        float[] Moved(SKPoint[] points) => [.. place.MapPoints(points).SelectMany(point => new[] { point.X / size, point.Y / size })];
    }

    /// <summary>The row of a label file.</summary>
    public string Row(LabelRowKind rows) => rows switch
    {
        LabelRowKind.Polygons => Text($"{Class}", Outline),
        LabelRowKind.Corners => Text($"{Class}", Corners),
        LabelRowKind.Keypoints => Text(LabelFile.Format(Class, Box), Keypoints, " 2"),
        _ => LabelFile.Format(Class, Box),
    };

    private static string Text(string first, float[] points, string after = "")
    {
        StringBuilder row = new(first);
        for (int i = 0; i < points.Length; i += 2)
        {
            row.Append(CultureInfo.InvariantCulture, $" {Math.Clamp(points[i], 0, 1):G6} {Math.Clamp(points[i + 1], 0, 1):G6}")
                .Append(after);
        }
        return row.ToString();
    }

    // The longest contour is the outside; holes and what lies in them are no part of a polygon.
    private static float[] Along(SKPath path, int size)
    {
        using SKPath simple = path.Simplify() ?? new SKPath(path);
        using SKPathMeasure measure = new(simple, forceClosed: true);
        float[] longest = [];
        float length = 0;
        do
        {
            if (measure.Length <= length) continue;
            length = measure.Length;
            longest = new float[2 * OutlinePoints];
            for (int i = 0; i < OutlinePoints; i++)
            {
                SKPoint point = measure.GetPosition(length * i / OutlinePoints);
                (longest[2 * i], longest[(2 * i) + 1]) = (point.X / size, point.Y / size);
            }
        }
        while (measure.NextContour());
        return longest;
    }
}
