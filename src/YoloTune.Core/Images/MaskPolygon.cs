namespace YoloTune.Images;

/// <summary>
/// One polygon of a mask with several parts: their outlines are linked where they come nearest, and the line goes there and back, as the
/// reference writes it.
/// </summary>
internal static class MaskPolygon
{
    /// <summary>The polygon of a mask, in pixels of the picture it is part of; empty when the mask is.</summary>
    public static (int X, int Y)[] Of(MaskPatch mask)
    {
        List<(int X, int Y)[]> contours = MaskContours.Find(mask);
        return contours.Count switch
        {
            0 => [],
            1 => contours[0],
            _ => Join(contours),
        };
    }

    private static (int X, int Y)[] Join(List<(int X, int Y)[]> contours)
    {
        List<int>[] links = [.. contours.Select(_ => new List<int>())];
        for (int k = 1; k < contours.Count; k++)
        {
            (int one, int other) = Nearest(contours[k - 1], contours[k]);
            links[k - 1].Add(one);
            links[k].Add(other);
        }
        List<(int, int)> joined = [];
        List<(int, int)[]> rests = [];
        for (int k = 0; k < contours.Count; k++)
        {
            (int X, int Y)[] contour = contours[k];
            List<int> link = links[k];
            // The reference turns the outline round and leaves the links as they are; the line is its own, and stays comparable.
            if (link.Count == 2 && link[0] > link[1])
            {
                link.Reverse();
                contour = [.. Enumerable.Reverse(contour)];
            }
            (int, int)[] closed = [.. contour[link[0]..], .. contour[..link[0]], contour[link[0]]];
            if (k == 0 || k == contours.Count - 1)
            {
                joined.AddRange(closed);
                continue;
            }
            int length = link[1] - link[0];
            joined.AddRange(closed[..(length + 1)]);
            rests.Add(closed[length..]);
        }
        rests.Reverse();
        return [.. joined, .. rests.SelectMany(rest => rest)];
    }

    private static (int One, int Other) Nearest((int X, int Y)[] one, (int X, int Y)[] other)
    {
        (int, int) best = (0, 0);
        long least = long.MaxValue;
        for (int i = 0; i < one.Length; i++)
        {
            for (int j = 0; j < other.Length; j++)
            {
                long x = one[i].X - other[j].X, y = one[i].Y - other[j].Y, distance = x * x + y * y;
                if (distance < least) (least, best) = (distance, (i, j));
            }
        }
        return best;
    }
}
