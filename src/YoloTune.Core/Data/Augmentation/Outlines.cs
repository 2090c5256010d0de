namespace YoloTune.Data.Augmentation;

/// <summary>
/// Gives outlines more points, or fewer, along their sides. All outlines of an image have as many, so that moving them moves curves alike.
/// </summary>
internal static class Outlines
{
    /// <summary>The points that the outlines of an image get: as many as usual, or one more than the longest has.</summary>
    /// <param name="polygons">The outlines as x, y pairs.</param>
    /// <param name="usual">The usual number.</param>
    public static int CountFor(IReadOnlyList<float[]> polygons, int usual)
    {
        int longest = polygons.Count == 0 ? 0 : polygons.Max(polygon => polygon.Length / 2);
        return longest > usual ? longest + 1 : usual;
    }

    /// <summary>
    /// An outline with a number of points. Where there is room for all corners they are kept, and the rest is spread evenly over the
    /// corners.
    /// </summary>
    /// <param name="polygon">x, y pairs.</param>
    /// <param name="count">The number of points to have.</param>
    public static float[] Resample(float[] polygon, int count)
    {
        int corners = polygon.Length / 2;
        if (corners == count) return polygon;
        double[] positions = Positions(corners, count);
        float[] result = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            int corner = Math.Min((int)positions[i], corners - 1), next = corner + 1 == corners ? 0 : corner + 1;
            double part = positions[i] - corner;
            for (int axis = 0; axis < 2; axis++)
            {
                double from = polygon[2 * corner + axis], to = polygon[2 * next + axis];
                result[2 * i + axis] = part >= 1 ? (float)to : (float)(from + (to - from) * part);
            }
        }
        return result;
    }

    /// <summary>Brings all outlines to the largest number of points among them.</summary>
    internal static void Equalise(List<PixelBox> boxes)
    {
        int longest = 0, shortest = int.MaxValue;
        foreach (PixelBox box in boxes)
        {
            if (box.Polygon is not { } polygon) continue;
            (longest, shortest) = (Math.Max(longest, polygon.Length / 2), Math.Min(shortest, polygon.Length / 2));
        }
        if (shortest >= longest) return;
        for (int i = 0; i < boxes.Count; i++)
        {
            if (boxes[i].Polygon is { } polygon) boxes[i] = boxes[i] with { Polygon = Resample(polygon, longest) };
        }
    }

    // The closed outline has the corners at 0, 1 ... and its first corner once more at the end.
    private static double[] Positions(int corners, int count)
    {
        int knots = corners + 1;
        if (knots >= count) return [.. Enumerable.Range(0, count).Select(i => Even(i, count, corners))];
        int spread = count - knots;
        double[] positions = new double[count];
        for (int i = 0; i < spread; i++) positions[i] = Even(i, spread, corners);
        for (int i = 0; i < knots; i++) positions[spread + i] = i;
        Array.Sort(positions);
        return positions;
    }

    private static double Even(int index, int count, int end) =>
        count == 1 ? 0 : index == count - 1 ? end : index * (end / (double)(count - 1));
}
