using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Data.Labels;

/// <summary>One row of a label file that has passed its checks.</summary>
internal sealed record LabelRow(int Line, float Class, LabelBox Box, float[]? Polygon)
{
    /// <summary>Fields of a box row.</summary>
    public const int BoxFields = 5;

    private const int SmallestPolygonFields = 7;

    /// <summary>The keypoints as x, y, visibility; null when the row has none.</summary>
    public float[]? Keypoints { get; init; }

    /// <summary>What is odd about the row, which is used all the same; null when nothing is.</summary>
    public string? Remark { get; init; }

    /// <summary>Reads the fields of a row; says why not when it is bad.</summary>
    public static bool TryParse(int line, string[] fields, LabelRowForm form, LabelRules rules, out LabelRow? row, out string reason)
    {
        row = null;
        bool strict = rules.Strictness == LabelStrictness.DropImage;
        if (Shape(fields, form, rules) is { } wrong) return Fail(wrong, out reason);
        float[] numbers = new float[fields.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                return Fail(Unreadable(fields[i], i), out reason);
            numbers[i] = (float)value;
            if (!float.IsFinite(numbers[i])) return Fail($"'{fields[i]}' is not a finite number.", out reason);
        }
        bool polygon = form == LabelRowForm.Polygon, keypoints = form == LabelRowForm.Keypoints;
        LabelBox box = polygon ? Bounds(numbers) : new LabelBox(numbers[1], numbers[2], numbers[3], numbers[4]);
        // The reference looks at a large box of a row with keypoints no further.
        if (Range(numbers[0], box, rules, noUpperBound: strict && keypoints) is { } outside) return Fail(outside, out reason);
        string? remark = null;
        float[]? points = null;
        if (keypoints)
        {
            points = KeypointRow.Read(numbers.AsSpan(BoxFields), rules.Keypoints!, strict, out remark, out string? bad);
            if (bad is not null) return Fail(bad, out reason);
        }
        reason = "";
        row = new LabelRow(line, numbers[0], box, polygon ? numbers[1..] : null)
        {
            Keypoints = rules.Rows == LabelRowKind.Keypoints ? points : null,
            Remark = remark,
        };
        return true;
    }

    private static string? Shape(string[] fields, LabelRowForm form, LabelRules rules)
    {
        if (fields.Length == 0) return "the line holds only blanks.";
        if (fields.Length == 1 && fields[0].Contains(',', StringComparison.Ordinal))
            return "the fields are separated by commas; they must be separated by blanks.";
        if (form == LabelRowForm.Keypoints)
        {
            if (fields.Length == rules.Keypoints!.Fields) return null;
            string point = rules.Keypoints.Dimensions == 3 ? "x y visibility" : "x y";
            return FormattableString.Invariant($"the row has {Counted.Of(fields.Length, "field")}; with kpt_shape {rules.Keypoints} ")
                + FormattableString.Invariant($"it needs {rules.Keypoints.Fields}: class x y width height, ")
                + FormattableString.Invariant($"and {rules.Keypoints.Count} times {point}.");
        }
        if (form == LabelRowForm.Polygon)
        {
            if (fields.Length % 2 == 0) return $"the polygon has {fields.Length - 1} coordinates, which is an odd number.";
            return fields.Length < SmallestPolygonFields && rules.Strictness != LabelStrictness.DropImage
                ? "a polygon needs three points." : null;
        }
        if (rules.WantsOutlines && fields.Length == BoxFields - 2) return "a polygon needs three points; the row has one.";
        if (fields.Length == BoxFields + 1)
            return "the row has 6 fields (a confidence from saved predictions?); a box has 5: class x y width height.";
        return fields.Length == BoxFields ? null : $"the row has {fields.Length} fields; a box has 5: class x y width height.";
    }

    private static string Unreadable(string field, int index)
    {
        if (index == 0) return $"the class '{field}' is not a number; label files name classes by their id.";
        return field.Contains(',', StringComparison.Ordinal)
            ? $"'{field}' is not a number; the decimal sign must be a point, not a comma."
            : $"'{field}' is not a number.";
    }

    private static string? Range(float classId, LabelBox box, LabelRules rules, bool noUpperBound)
    {
        if (classId < -LabelRules.Tolerance) return Invariant($"the class id {classId} is negative.");
        if (rules.Strictness == LabelStrictness.DropRow && classId != MathF.Floor(classId))
            return Invariant($"the class id {classId} is not a whole number.");
        if (!rules.SingleClass && classId >= rules.ClassCount)
            return Invariant($"the class id {classId} is beyond the dataset's {rules.ClassCount} classes (0 to {rules.ClassCount - 1}).");
        foreach (float value in (ReadOnlySpan<float>)[box.X, box.Y, box.Width, box.Height])
        {
            if (value > 1 + LabelRules.Tolerance && !noUpperBound)
                return Invariant($"the coordinate {value} is larger than 1; coordinates are divided by the image's width or height.");
            if (value < -LabelRules.Tolerance) return Invariant($"the coordinate {value} is negative.");
        }
        return null;
    }

    private static LabelBox Bounds(float[] numbers)
    {
        (float left, float right) = (float.MaxValue, float.MinValue);
        (float top, float bottom) = (float.MaxValue, float.MinValue);
        for (int i = 1; i < numbers.Length; i += 2)
        {
            (left, right) = (Math.Min(left, numbers[i]), Math.Max(right, numbers[i]));
            (top, bottom) = (Math.Min(top, numbers[i + 1]), Math.Max(bottom, numbers[i + 1]));
        }
        return new LabelBox((left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
    }

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
