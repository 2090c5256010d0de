namespace YoloTune.Data.Labels;

/// <summary>Reads the keypoints of a row.</summary>
internal static class KeypointRow
{
    /// <summary>The keypoints as x, y, visibility; empty when the row is bad.</summary>
    /// <param name="numbers">The row behind the box.</param>
    /// <param name="shape">The keypoints the dataset has.</param>
    /// <param name="strict">Whether points are judged as the reference judges them.</param>
    /// <param name="remark">What is odd but used; null when nothing is.</param>
    /// <param name="bad">Why the row cannot be used; null when it can.</param>
    public static float[] Read(ReadOnlySpan<float> numbers, KeypointShape shape, bool strict, out string? remark, out string? bad)
    {
        (remark, bad) = (null, null);
        float[] points = new float[shape.Count * KeypointShape.Values];
        for (int k = 0; k < shape.Count; k++)
        {
            ReadOnlySpan<float> given = numbers.Slice(k * shape.Dimensions, shape.Dimensions);
            (float x, float y) = (given[0], given[1]);
            float visibility = shape.Dimensions == KeypointShape.Values ? given[2] : Visibility(x, y, strict);
            if (visibility < -LabelRules.Tolerance)
                bad ??= FormattableString.Invariant($"keypoint {k} has the visibility {visibility}; it is 0, 1 or 2.");
            if (!strict && visibility is not (0 or 1 or 2))
            {
                string state = visibility > 0 ? "visible" : "not labelled";
                remark ??= FormattableString.Invariant(
                    $"keypoint {k} has the visibility {visibility}, not 0, 1 or 2; it counts as {state}.");
                visibility = visibility > 0 ? 2 : 0;
            }
            // Where a point that is not labelled lies means nothing.
            if (strict || visibility != 0) bad ??= Outside(x, k) ?? Outside(y, k);
            else (x, y) = (Math.Clamp(x, 0, 1), Math.Clamp(y, 0, 1));
            (points[KeypointShape.Values * k], points[KeypointShape.Values * k + 1], points[KeypointShape.Values * k + 2]) =
                (x, y, visibility);
        }
        return points;
    }

    // Without a visibility column the reference takes a point at 0 0 for one that is there, which annotation tools write for one that is
    // not.
    private static float Visibility(float x, float y, bool strict) =>
        strict ? (x < 0 || y < 0 ? 0 : 1) : x <= 0 && y <= 0 ? 0 : 2;

    private static string? Outside(float value, int keypoint) =>
        value > 1 + LabelRules.Tolerance || value < -LabelRules.Tolerance
            ? FormattableString.Invariant(
                $"the coordinate {value} of keypoint {keypoint} lies outside of the image (0 to 1); ")
                + "coordinates are divided by the image's width or height."
            : null;
}
