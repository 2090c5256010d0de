namespace YoloTune.Data.Augmentation;

/// <summary>
/// Moves the points of objects: outlines (x, y) and keypoints (x, y, visibility). Everything that moves an image moves them through here.
/// </summary>
internal static class Points
{
    /// <summary>Numbers of a point of an outline.</summary>
    public const int Outline = 2;

    /// <summary>Numbers of a keypoint.</summary>
    public const int Keypoint = Labels.KeypointShape.Values;

    /// <summary>x times a factor plus an offset, and y likewise.</summary>
    public static float[]? Scale(float[]? points, int step, float factorX, float offsetX, float factorY, float offsetY)
    {
        if (points is null) return null;
        float[] moved = (float[])points.Clone();
        for (int i = 0; i < moved.Length; i += step)
            (moved[i], moved[i + 1]) = (moved[i] * factorX + offsetX, moved[i + 1] * factorY + offsetY);
        return moved;
    }

    /// <summary>Through a 3 x 3 matrix, row by row; the third row divides where it is a perspective.</summary>
    public static float[]? Transform(float[]? points, int step, float[] m, bool perspective)
    {
        if (points is null) return null;
        float[] moved = (float[])points.Clone();
        for (int i = 0; i < moved.Length; i += step)
        {
            (float x, float y) = (moved[i], moved[i + 1]);
            float divisor = perspective ? m[6] * x + m[7] * y + m[8] : 1;
            moved[i] = (m[0] * x + m[1] * y + m[2]) / divisor;
            moved[i + 1] = (m[3] * x + m[4] * y + m[5]) / divisor;
        }
        return moved;
    }

    /// <summary>Into an area: an outline follows its edge, a keypoint outside is no longer labelled.</summary>
    public static float[]? Cut(float[]? points, int step, float left, float top, float right, float bottom)
    {
        if (points is null) return null;
        float[] cut = (float[])points.Clone();
        for (int i = 0; i < cut.Length; i += step)
        {
            (float x, float y) = (cut[i], cut[i + 1]);
            if (step == Keypoint && (x < left || x > right || y < top || y > bottom)) cut[i + 2] = 0;
            (cut[i], cut[i + 1]) = (Math.Clamp(x, left, right), Math.Clamp(y, top, bottom));
        }
        return cut;
    }

    /// <summary>Keypoints that take each other's places: the new point k is the old one at <paramref name="index"/> k.</summary>
    public static float[]? Swap(float[]? keypoints, IReadOnlyList<int>? index)
    {
        if (keypoints is null || index is null) return keypoints;
        float[] swapped = new float[keypoints.Length];
        for (int k = 0; k < index.Count; k++)
            keypoints.AsSpan(Keypoint * index[k], Keypoint).CopyTo(swapped.AsSpan(Keypoint * k));
        return swapped;
    }
}
