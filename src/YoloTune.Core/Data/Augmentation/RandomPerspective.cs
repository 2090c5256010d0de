namespace YoloTune.Data.Augmentation;

/// <summary>The random affine or perspective change: its matrix, and what it does to boxes and outlines.</summary>
internal static class RandomPerspective
{
    /// <summary>A box must stay wider and higher than this many pixels.</summary>
    public const float SmallestSide = 2;

    /// <summary>The longer side of a box may be at most this many times the shorter one.</summary>
    public const float LargestAspect = 100;

    /// <summary>The fraction of a box's area that must stay.</summary>
    public const float SmallestArea = 0.1f;

    /// <summary>The fraction of an area that must stay when boxes follow outlines.</summary>
    public const float SmallestAreaOfPolygon = 0.01f;

    private const float Epsilon = 1e-16f;

    /// <summary>The 3 x 3 matrix, row by row, from canvas pixels to output pixels.</summary>
    public static float[] Matrix(PerspectiveDraw draw, int canvasHeight, int canvasWidth, int outputHeight, int outputWidth)
    {
        double angle = draw.Angle * Math.PI / 180;
        float cosine = (float)(draw.Scale * Math.Cos(angle)), sine = (float)(draw.Scale * Math.Sin(angle));
        float[] centre = [1, 0, -canvasWidth / 2f, 0, 1, -canvasHeight / 2f, 0, 0, 1];
        float[] perspective = [1, 0, 0, 0, 1, 0, (float)draw.PerspectiveX, (float)draw.PerspectiveY, 1];
        float[] rotation = [cosine, sine, 0, -sine, cosine, 0, 0, 0, 1];
        float[] shear =
        [
            1, (float)Math.Tan(draw.ShearX * Math.PI / 180), 0, (float)Math.Tan(draw.ShearY * Math.PI / 180), 1, 0, 0, 0, 1,
        ];
        float[] translation = [1, 0, (float)(draw.TranslateX * outputWidth), 0, 1, (float)(draw.TranslateY * outputHeight), 0, 0, 1];
        return Multiply(translation, Multiply(shear, Multiply(rotation, Multiply(perspective, centre))));
    }

    /// <summary>Boxes after the change, cut to the output; those that have become too small, too thin or too cut are gone.</summary>
    /// <param name="boxes">Boxes in canvas pixels.</param>
    /// <param name="matrix">See <see cref="Matrix"/>.</param>
    /// <param name="scale">The drawn gain, by which the input is scaled before areas are compared.</param>
    /// <param name="outputHeight">Rows of the output.</param>
    /// <param name="outputWidth">Columns of the output.</param>
    /// <param name="perspective">Whether the third row divides.</param>
    public static List<PixelBox> Transform(
        IReadOnlyList<PixelBox> boxes, float[] matrix, float scale, int outputHeight, int outputWidth, bool perspective)
    {
        List<PixelBox> kept = new(boxes.Count);
        foreach (PixelBox box in boxes)
        {
            PixelBox moved = box.Polygon is null
                ? Corners(box, matrix, perspective)
                : FollowPolygon(box, matrix, perspective, outputHeight, outputWidth);
            moved = (moved with { Keypoints = Points.Transform(box.Keypoints, Points.Keypoint, matrix, perspective) })
                .Clip(0, 0, outputWidth, outputHeight);
            PixelBox before = new(box.Class, box.Left * scale, box.Top * scale, box.Right * scale, box.Bottom * scale);
            if (IsCandidate(before, moved, box.Polygon is null ? SmallestArea : SmallestAreaOfPolygon)) kept.Add(moved);
        }
        return kept;
    }

    /// <summary>Whether a box is still good enough to learn from.</summary>
    public static bool IsCandidate(PixelBox before, PixelBox after, float smallestArea)
    {
        float aspect = Math.Max(after.Width / (after.Height + Epsilon), after.Height / (after.Width + Epsilon));
        return after.Width > SmallestSide && after.Height > SmallestSide
            && after.Area / (before.Area + Epsilon) > smallestArea && aspect < LargestAspect;
    }

    private static PixelBox Corners(PixelBox box, float[] matrix, bool perspective)
    {
        float[] points = Points.Transform(
            [box.Left, box.Top, box.Right, box.Bottom, box.Left, box.Bottom, box.Right, box.Top], Points.Outline, matrix, perspective)!;
        return new PixelBox(
            box.Class, Min(points, 0), Min(points, 1), Max(points, 0), Max(points, 1));
    }

    private static PixelBox FollowPolygon(PixelBox box, float[] matrix, bool perspective, int height, int width)
    {
        float[] points = Points.Transform(box.Polygon, Points.Outline, matrix, perspective)!;
        int exceeded = (Min(points, 0) < 0 ? 1 : 0) + (Min(points, 1) < 0 ? 1 : 0)
            + (Max(points, 0) > width ? 1 : 0) + (Max(points, 1) > height ? 1 : 0);
        ReadOnlySpan<float> seen = exceeded < 3 ? points : Points.Cut(points, Points.Outline, 0, 0, width, height);
        (float left, float top, float right, float bottom) = (float.MaxValue, float.MaxValue, float.MinValue, float.MinValue);
        for (int i = 0; i < seen.Length; i += 2)
        {
            (float x, float y) = (seen[i], seen[i + 1]);
            if (x <= 0 || y <= 0 || x >= width || y >= height) continue;
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }
        if (left > right) (left, top, right, bottom) = (0, 0, 0, 0);
        return new PixelBox(box.Class, left, top, right, bottom, points).Clip(left, top, right, bottom);
    }

    private static float Min(float[] points, int first)
    {
        float least = points[first];
        for (int i = first; i < points.Length; i += 2) least = Math.Min(least, points[i]);
        return least;
    }

    private static float Max(float[] points, int first)
    {
        float most = points[first];
        for (int i = first; i < points.Length; i += 2) most = Math.Max(most, points[i]);
        return most;
    }

    private static float[] Multiply(float[] a, float[] b)
    {
        float[] product = new float[9];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
                product[3 * row + column] = a[3 * row] * b[column] + a[3 * row + 1] * b[3 + column] + a[3 * row + 2] * b[6 + column];
        }
        return product;
    }
}
