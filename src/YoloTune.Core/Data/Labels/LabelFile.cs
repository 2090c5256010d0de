using System.Globalization;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Data.Labels;

/// <summary>
/// Reads the text file of an image's labels: a row <c>class x y width height</c> a box, or <c>class x1 y1 x2 y2 x3 y3 ...</c> a polygon,
/// or, where the dataset has keypoints, <c>class x y width height</c> and the keypoints; all coordinates divided by the image's width or
/// height. UTF-8, UTF-16, UTF-32 and Windows-1252 are told apart by their bytes.
/// </summary>
public static class LabelFile
{
    /// <summary>
    /// The label file of an image: the last folder <c>images</c> of the path becomes <c>labels</c>, the extension becomes <c>.txt</c>;
    /// without such a folder it lies beside the image.
    /// </summary>
    public static string PathFor(string imagePath)
    {
        char separator = Path.DirectorySeparatorChar;
        string folder = $"{separator}images{separator}";
        string path = separator == '/' ? imagePath : imagePath.Replace('/', separator);
        int at = path.LastIndexOf(folder, StringComparison.Ordinal);
        string moved = at < 0 ? path : $"{path[..at]}{separator}labels{separator}{path[(at + folder.Length)..]}";
        return Path.ChangeExtension(moved, ".txt");
    }

    /// <summary>Reads a label file; one that does not exist gives no labels and no problem.</summary>
    /// <param name="path">The label file.</param>
    /// <param name="rules">What to check against.</param>
    /// <param name="image">The image the labels belong to, for the problems.</param>
    public static LabelFileContent Read(string path, LabelRules rules, string? image = null)
    {
        byte[] bytes;
        try
        {
            bytes = SharedFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LabelFileContent(LabelSet.Empty, false, []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DatasetProblem problem = new(path, null, "the label file cannot be read: " + error.Message, ProblemAction.ImageDropped, image);
            return new LabelFileContent(null, true, [problem]);
        }
        // The reference reads UTF-8 only, and the byte-order mark as part of the first field.
        bool strict = rules.Strictness == LabelStrictness.DropImage;
        return Parse(strict ? Encoding.UTF8.GetString(bytes) : TextFile.Decode(bytes), path, rules, image);
    }

    /// <summary>Reads the text of a label file.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="path">The file, for the problems.</param>
    /// <param name="rules">What to check against.</param>
    /// <param name="image">The image, for the problems.</param>
    public static LabelFileContent Parse(string text, string path, LabelRules rules, string? image = null)
    {
        bool strict = rules.Strictness == LabelStrictness.DropImage;
        if (!strict) text = text.TrimStart('\uFEFF');
        List<LabelRow> rows = [];
        List<DatasetProblem> problems = [];
        // The reference trims the whole text first, so that only blank lines between rows count.
        List<(int Line, string[] Fields)> lines = [.. SplitLines(text, strict)];
        bool polygonFile = lines.Any(line => FormOf(line.Fields, rules) == LabelRowForm.Polygon);
        foreach ((int line, string[] fields) in lines)
        {
            LabelRowForm form = FormOf(fields, rules);
            if (strict && polygonFile) form = LabelRowForm.Polygon;
            if (LabelRow.TryParse(line, fields, form, rules, out LabelRow? row, out string reason)) rows.Add(row!);
            else problems.Add(new DatasetProblem(path, line, reason, ProblemAction.RowDropped, image));
        }
        if (problems.Count > 0 && (strict || rows.Count == 0))
            return new LabelFileContent(null, true, [.. problems.Select(problem => problem with { Action = ProblemAction.ImageDropped })]);
        if (!strict)
        {
            problems.AddRange(rows.Where(row => row.Box is { Width: <= 0 } or { Height: <= 0 }).Select(row =>
                new DatasetProblem(path, row.Line, "the box has no area.", ProblemAction.Kept, image)));
            problems.AddRange(rows.Where(row => row.Remark is not null).Select(row =>
                new DatasetProblem(path, row.Line, row.Remark!, ProblemAction.Kept, image)));
            if (rules.WantsOutlines) ReportBoxes(rows, path, image, problems);
        }
        bool outlines = polygonFile || (rules.WantsOutlines && !strict);
        return new LabelFileContent(Collect(RemoveDuplicates(rows, rules, path, image, problems), outlines, rules), true, problems);
    }

    private static LabelRowForm FormOf(string[] fields, LabelRules rules)
    {
        if (rules.Rows == LabelRowKind.Keypoints || fields.Length == rules.Keypoints?.Fields) return LabelRowForm.Keypoints;
        return fields.Length > LabelRow.BoxFields + 1 ? LabelRowForm.Polygon : LabelRowForm.Box;
    }

    private static void ReportBoxes(List<LabelRow> rows, string path, string? image, List<DatasetProblem> problems)
    {
        LabelRow[] boxes = [.. rows.Where(row => row.Polygon is null)];
        if (boxes.Length == 0) return;
        problems.Add(new DatasetProblem(
            path, boxes[0].Line, boxes.Length == 1
                ? "the row is a box; its four corners are taken for the outline."
                : FormattableString.Invariant($"{boxes.Length} rows are boxes; their corners are taken for outlines."),
            ProblemAction.Kept, image));
    }

    private static IEnumerable<(int Line, string[] Fields)> SplitLines(string text, bool strict)
    {
        int line = 0, last = text.TrimEnd().Length, position = 0;
        bool begun = false;
        foreach (string content in text.Split('\n'))
        {
            line++;
            int start = position;
            position += content.Length + 1;
            if (start >= last) break;
            string row = content.TrimEnd('\r');
            string[] fields = row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            // A BOM is no blank to the splitter, so that the strict reading meets it in the first field, as the reference does.
            if (fields.Length > 0 || (strict && begun && row.Length > 0)) yield return (line, fields);
            begun |= fields.Length > 0;
        }
    }

    // The reference judges polygons by their boxes, so that of two objects with one box it loses one; where outlines count, they decide.
    private static List<LabelRow> RemoveDuplicates(
        List<LabelRow> rows, LabelRules rules, string path, string? image, List<DatasetProblem> problems)
    {
        bool byPoints = rules.Rows == LabelRowKind.Keypoints || (rules.WantsOutlines && rules.Strictness == LabelStrictness.DropRow);
        HashSet<(float, LabelBox, string)> seen = [];
        List<LabelRow> unique = [];
        foreach (LabelRow row in rows)
        {
            if (seen.Add((row.Class, row.Box, byPoints ? Key(row.Polygon ?? row.Keypoints) : ""))) unique.Add(row);
            else problems.Add(new DatasetProblem(path, row.Line, "the row repeats an earlier one.", ProblemAction.RowDropped, image));
        }
        // Only a file with repeated rows comes back sorted, in the reference as here: the order can decide ties in the assigner.
        if (unique.Count == rows.Count) return rows;
        return [.. unique.OrderBy(row => row.Class).ThenBy(row => row.Box.X).ThenBy(row => row.Box.Y)
            .ThenBy(row => row.Box.Width).ThenBy(row => row.Box.Height)];
    }

    private static string Key(float[]? points) => points is null ? "" : string.Join(' ', points.Select(BitConverter.SingleToInt32Bits));

    private static LabelSet Collect(List<LabelRow> rows, bool polygons, LabelRules rules)
    {
        if (rows.Count == 0) return LabelSet.Empty;
        return new LabelSet
        {
            Classes = [.. rows.Select(row => row.Class)],
            Boxes = [.. rows.Select(row => row.Box)],
            Polygons = polygons ? [.. rows.Select(row => row.Polygon ?? Outline(row.Box))] : null,
            Keypoints = rules.Rows == LabelRowKind.Keypoints ? [.. rows.Select(row => row.Keypoints!)] : null,
            BoxRows = polygons ? rows.Count(row => row.Polygon is null) : 0,
        };
    }

    /// <summary>The four corners of a box, so that a box row among polygons has an outline too.</summary>
    internal static float[] Outline(LabelBox box)
    {
        (float left, float right) = (box.X - box.Width / 2, box.X + box.Width / 2);
        (float top, float bottom) = (box.Y - box.Height / 2, box.Y + box.Height / 2);
        return [left, top, right, top, right, bottom, left, bottom];
    }

    /// <summary>A row of an object with keypoints: class, box, and x, y, visibility of each keypoint.</summary>
    public static string FormatKeypoints(int classId, LabelBox box, IReadOnlyList<float> keypoints)
    {
        StringBuilder row = new(Format(classId, box));
        for (int i = 0; i + 2 < keypoints.Count; i += KeypointShape.Values)
            row.Append(CultureInfo.InvariantCulture, $" {keypoints[i]:G6} {keypoints[i + 1]:G6} {keypoints[i + 2]:G6}");
        return row.ToString();
    }

    /// <summary>A row of numbers as label files have it, with six digits and a decimal point in every culture.</summary>
    public static string Format(int classId, LabelBox box, float? confidence = null)
    {
        string row = string.Create(CultureInfo.InvariantCulture, $"{classId} {box.X:G6} {box.Y:G6} {box.Width:G6} {box.Height:G6}");
        return confidence is { } value ? string.Create(CultureInfo.InvariantCulture, $"{row} {value:G6}") : row;
    }

    /// <summary>A row of an outline as label files have it: the class and x, y pairs, with six digits.</summary>
    public static string FormatPolygon(int classId, IReadOnlyList<float> points) =>
        string.Create(CultureInfo.InvariantCulture, $"{classId} ")
        + string.Join(' ', points.Select(value => value.ToString("G6", CultureInfo.InvariantCulture)));
}
