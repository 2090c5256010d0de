using System.Text.RegularExpressions;

namespace YoloTune.Networks.Architecture;

/// <summary>What the name of a model says: its scale letter, its family, and the file that describes it.</summary>
public static partial class ModelNames
{
    /// <summary>The scale letter in a name such as yolo11n or yolov8x-seg, or an empty text.</summary>
    public static string ScaleOf(string name) => ScalePattern().Match(Stem(name)) is { Success: true } match ? match.Groups[1].Value : "";

    /// <summary>The family in a name: yolov8, yolo11 ...; an empty text for names of another kind.</summary>
    public static string FamilyOf(string name) => FamilyPattern().Match(Stem(name)).Value;

    /// <summary>The release number of a family: 8 for yolov8, 11 for yolo11; null without a family.</summary>
    public static int? ReleaseOf(string name) =>
        FamilyPattern().Match(Stem(name)) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>The file name without its scale letter: yolo11n-seg.yaml becomes yolo11-seg.yaml.</summary>
    public static string Unified(string fileName) => UnifiedPattern().Replace(fileName, "$1$3");

    /// <summary>
    /// Undoes historical spellings: the u of the anchor-free YOLOv3 and YOLOv5 (yolov5nu, yolov3-tinyu), and the 6 of large-image models
    /// (yolov8x6 is yolov8x-p6).
    /// </summary>
    public static string Modern(string stem)
    {
        string plain = AnchorFreePattern().Replace(stem, "$1");
        return LargeImagePattern().Replace(plain, "$1-p6");
    }

    /// <summary>Whether a stem is an old name of a large-image model, such as yolov5n6.</summary>
    public static bool IsOldLargeImageName(string stem) => LargeImagePattern().IsMatch(AnchorFreePattern().Replace(stem, "$1"));

    internal static string Stem(string name)
    {
        string file = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            || file.EndsWith(".pt", StringComparison.OrdinalIgnoreCase)
                ? file[..file.LastIndexOf('.')]
                : file;
    }

    [GeneratedRegex(@"yolo(?:e-)?v?\d+([nsmlx])", RegexOptions.CultureInvariant)]
    private static partial Regex ScalePattern();

    [GeneratedRegex(@"yolo(?:e-)?v?(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex FamilyPattern();

    [GeneratedRegex(@"(\d+)([nsmlx])(.+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex UnifiedPattern();

    [GeneratedRegex(@"^(yolov[35].*)u$", RegexOptions.CultureInvariant)]
    private static partial Regex AnchorFreePattern();

    [GeneratedRegex(@"^(yolov(?:5|8)[nsmlx])6$", RegexOptions.CultureInvariant)]
    private static partial Regex LargeImagePattern();
}
