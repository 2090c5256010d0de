using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using YoloTune.Data;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// Writes found oriented boxes as the text files that DOTA's evaluation takes: <c>Task1_class.txt</c> with a row
/// <c>image score x1 y1 x2 y2 x3 y3 x4 y4</c> for each box. Images that are tiles of larger ones, named
/// <c>P0001__1024__824___0</c> after their place, are joined again, and boxes found on two tiles are kept once.
/// </summary>
internal static partial class DotaFiles
{
    private const int ScoreDigits = 5, CornerDigits = 3;
    private const float MergedOverlap = 0.3f;

    /// <summary>A box found on an image.</summary>
    /// <param name="Image">The image's name without its extension.</param>
    /// <param name="Class">The class's name.</param>
    /// <param name="ClassId">The class.</param>
    /// <param name="Score">The score, 0-1.</param>
    /// <param name="Box">The box in pixels of the image.</param>
    public readonly record struct Found(string Image, string Class, int ClassId, float Score, OrientedBox Box);

    /// <summary>The name of a class's file; what no file may be called by becomes a hyphen.</summary>
    public static string NameOf(string className) => $"Task1_{NotInNames().Replace(className, "-")}.txt";

    /// <summary>The files of images as they are: name and content.</summary>
    public static IReadOnlyDictionary<string, string> Compose(IEnumerable<Found> boxes)
    {
        SortedDictionary<string, StringBuilder> files = new(StringComparer.Ordinal);
        foreach (Found found in boxes) Append(files, found, found.Image, Rounded(found.Score, ScoreDigits), found.Box.Corners());
        return Texts(files);
    }

    /// <summary>The files of the large images that tiles were cut from: name and content.</summary>
    public static IReadOnlyDictionary<string, string> Merge(IEnumerable<Found> boxes)
    {
        SortedDictionary<string, StringBuilder> files = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Found> image in boxes.Select(Placed).GroupBy(found => found.Image))
        {
            foreach (Found found in Kept([.. image]))
                Append(files, found, found.Image, Rounded(found.Score, CornerDigits), found.Box.Corners());
        }
        return Texts(files);
    }

    // The box where it lies on the large image, from the numbers that the file of the tile has.
    private static Found Placed(Found found)
    {
        int end = found.Image.IndexOf("__", StringComparison.Ordinal);
        Match place = Place().Match(found.Image);
        (float x, float y) = place.Success
            ? (float.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture),
                float.Parse(place.Groups[2].Value, CultureInfo.InvariantCulture))
            : (0, 0);
        OrientedBox box = found.Box;
        return found with
        {
            Image = end < 0 ? found.Image : found.Image[..end],
            Score = (float)Rounded(found.Score, ScoreDigits),
            Box = new(
                (float)Rounded(box.X, CornerDigits) + x, (float)Rounded(box.Y, CornerDigits) + y, (float)Rounded(box.Width, CornerDigits),
                (float)Rounded(box.Height, CornerDigits), (float)Rounded(box.Angle, CornerDigits)),
        };
    }

    private static IEnumerable<Found> Kept(Found[] boxes)
    {
        float offset = 2 * boxes.Max(found => Math.Max(found.Box.X, found.Box.Y));
        List<GaussianBox> better = [];
        foreach (Found found in boxes.OrderByDescending(found => found.Score))
        {
            float shift = found.ClassId * offset;
            GaussianBox own = new(found.Box.X + shift, found.Box.Y + shift, found.Box.Width, found.Box.Height, found.Box.Angle);
            bool covered = better.Exists(other => ProbabilisticIoU.Compute(other, own) >= MergedOverlap);
            better.Add(own);
            if (!covered) yield return found;
        }
    }

    private static void Append(SortedDictionary<string, StringBuilder> files, Found found, string image, double score, float[] corners)
    {
        string name = NameOf(found.Class);
        if (!files.TryGetValue(name, out StringBuilder? text)) files[name] = text = new();
        text.Append(image).Append(' ').Append(Number(score));
        foreach (float value in corners) text.Append(' ').Append(Number(Rounded(value, CornerDigits)));
        text.Append('\n');
    }

    private static IReadOnlyDictionary<string, string> Texts(SortedDictionary<string, StringBuilder> files) =>
        files.ToDictionary(file => file.Key, file => file.Value.ToString());

    private static double Rounded(double value, int digits) => (double)Math.Round((decimal)value, digits);

    // 65 is 65.0, as Python writes it.
    private static string Number(double value) =>
        value == Math.Floor(value)
            ? value.ToString("0.0", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex("""[ <>:"/\\|?*\x00-\x1F]""")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"(\d+)___(\d+)")]
    private static partial Regex Place();
}
