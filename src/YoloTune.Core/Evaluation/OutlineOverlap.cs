namespace YoloTune.Evaluation;

/// <summary>The overlap of two objects: of upright boxes, or of oriented ones by the area that both cover.</summary>
internal static class OutlineOverlap
{
    /// <summary>Intersection over union, 0-1; of masks that of their boxes.</summary>
    public static double Of(ImageObject first, ImageObject second)
    {
        double across = Math.Min(first.X2, second.X2) - Math.Max(first.X1, second.X1);
        double down = Math.Min(first.Y2, second.Y2) - Math.Max(first.Y1, second.Y1);
        if (across <= 0 || down <= 0) return 0;
        bool turned = first is { Outline: not null, IsMask: false } || second is { Outline: not null, IsMask: false };
        if (!turned) return Ratio(across * down, first.Area, second.Area);
        List<(double X, double Y)> one = Corners(first), other = Corners(second);
        return Ratio(Area(Clip(one, other)), Area(one), Area(other));
    }

    private static double Ratio(double both, double first, double second)
    {
        double union = first + second - both;
        return union > 0 ? Math.Clamp(both / union, 0, 1) : 0;
    }

    /// <summary>The corners, so that the inside lies at the left of each side.</summary>
    private static List<(double X, double Y)> Corners(ImageObject item)
    {
        List<(double X, double Y)> corners = item is { Outline: { } outline, IsMask: false }
            ? [.. Enumerable.Range(0, outline.Count / 2).Select(i => ((double)outline[2 * i], (double)outline[(2 * i) + 1]))]
            : [(item.X1, item.Y1), (item.X2, item.Y1), (item.X2, item.Y2), (item.X1, item.Y2)];
        if (Signed(corners) < 0) corners.Reverse();
        return corners;
    }

    /// <summary>The part of a polygon inside of a convex one (Sutherland and Hodgman, 1974).</summary>
    private static List<(double X, double Y)> Clip(List<(double X, double Y)> polygon, List<(double X, double Y)> window)
    {
        List<(double X, double Y)> inside = polygon;
        for (int i = 0; i < window.Count && inside.Count > 0; i++)
        {
            (double X, double Y) a = window[i], b = window[(i + 1) % window.Count];
            List<(double X, double Y)> kept = [];
            for (int k = 0; k < inside.Count; k++)
            {
                (double X, double Y) from = inside[k], to = inside[(k + 1) % inside.Count];
                double left = Side(a, b, from), right = Side(a, b, to);
                if (left >= 0) kept.Add(from);
                if (left >= 0 == right >= 0) continue;
                double part = left / (left - right);
                kept.Add((from.X + (part * (to.X - from.X)), from.Y + (part * (to.Y - from.Y))));
            }
            inside = kept;
        }
        return inside;
    }

    private static double Side((double X, double Y) a, (double X, double Y) b, (double X, double Y) point) =>
        ((b.X - a.X) * (point.Y - a.Y)) - ((b.Y - a.Y) * (point.X - a.X));

    private static double Area(List<(double X, double Y)> polygon) => Math.Abs(Signed(polygon));

    private static double Signed(List<(double X, double Y)> polygon)
    {
        double sum = 0;
        for (int i = 0; i < polygon.Count; i++)
        {
            (double X, double Y) a = polygon[i], b = polygon[(i + 1) % polygon.Count];
            sum += (a.X * b.Y) - (b.X * a.Y);
        }
        return sum / 2;
    }
}
