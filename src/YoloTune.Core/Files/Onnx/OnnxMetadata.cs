using System.Reflection;
using System.Text;

namespace YoloTune.Files.Onnx;

/// <summary>
/// The metadata of an .onnx file: texts by name, as consumers of YOLO models look for them. Lists and dictionaries are Python literals.
/// There is no date among them, so that the same model gives the same file.
/// </summary>
internal static class OnnxMetadata
{
    /// <summary>The class names: <c>{0: 'person', 1: 'bicycle'}</c>.</summary>
    public const string Names = "names";

    /// <summary>What the model predicts: detect, segment, pose, obb or classify.</summary>
    public const string Task = "task";

    /// <summary>The largest stride.</summary>
    public const string Stride = "stride";

    /// <summary>Rows and columns of the images: <c>[640, 640]</c>.</summary>
    public const string ImageSize = "imgsz";

    /// <summary>Whether the rows of the output are chosen detections: <c>True</c> for end-to-end models.</summary>
    public const string EndToEnd = "end2end";

    /// <summary>How the file was made, a dictionary; <c>nms</c> tells whether it suppresses boxes itself.</summary>
    public const string Arguments = "args";

    /// <summary>Keypoints and values of each, of a pose model.</summary>
    public const string KeypointShape = "kpt_shape";

    /// <summary>The names of the keypoints by class id, of a pose model that knows them.</summary>
    public const string KeypointNames = "kpt_names";

    /// <summary>The version of YoloTune, such as "0.1.0".</summary>
    public static string ProgramVersion { get; } = typeof(OnnxMetadata).Assembly.GetName().Version is { } version
        ? version.ToString(3)
        : "0.0.0";

    /// <summary>A text as a Python literal, in the quotes that Python itself would choose.</summary>
    internal static string Quote(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        StringBuilder literal = new();
        literal.Append(quote);
        foreach (char c in text)
        {
            if (c == quote || c == '\\') literal.Append('\\').Append(c);
            else if (c == '\n') literal.Append("\\n");
            else if (c == '\r') literal.Append("\\r");
            else if (c == '\t') literal.Append("\\t");
            else literal.Append(c);
        }
        return literal.Append(quote).ToString();
    }
}
