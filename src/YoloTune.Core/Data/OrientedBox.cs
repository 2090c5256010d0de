namespace YoloTune.Data;

/// <summary>
/// An oriented box. The angle is measured from the x axis to the side <paramref name="Width"/>, positive clockwise on the screen, where y
/// points down.
/// </summary>
/// <param name="X">x of the centre.</param>
/// <param name="Y">y of the centre.</param>
/// <param name="Width">Length of the first side.</param>
/// <param name="Height">Length of the second side.</param>
/// <param name="Angle">Radians.</param>
internal readonly record struct OrientedBox(float X, float Y, float Width, float Height, float Angle)
{
    /// <summary>
    /// The rectangle of smallest area around points, of which one side lies along a side of their convex hull (Freeman and Shapira 1975).
    /// The first side is the longer one and the angle lies in [-pi/4, 3/4 pi); of a square it lies in (0, pi/2].
    /// </summary>
    /// <param name="points">x and y of each point, in pixels; at least one.</param>
    public static OrientedBox Around(ReadOnlySpan<float> points)
    {
        (double X, double Y)[] hull = Hull(points);
        if (hull.Length == 1) return new((float)hull[0].X, (float)hull[0].Y, 0, 0, 0);
        double smallest = double.PositiveInfinity;
        (double X, double Y, double Width, double Height, double Angle) best = default;
        for (int i = 0; i < hull.Length; i++)
        {
            (double x, double y) = hull[(i + 1) % hull.Length];
            (double ex, double ey) = (x - hull[i].X, y - hull[i].Y);
            double length = Math.Sqrt((ex * ex) + (ey * ey));
            (ex, ey) = (ex / length, ey / length);
            (double low, double high, double lowest, double highest) =
                (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
            foreach ((double px, double py) in hull)
            {
                double along = (px * ex) + (py * ey), across = (py * ex) - (px * ey);
                (low, high) = (Math.Min(low, along), Math.Max(high, along));
                (lowest, highest) = (Math.Min(lowest, across), Math.Max(highest, across));
            }
            (double width, double height) = (high - low, highest - lowest);
            if (width * height >= smallest) continue;
            smallest = width * height;
            (double middle, double side) = ((low + high) / 2, (lowest + highest) / 2);
            best = ((middle * ex) - (side * ey), (middle * ey) + (side * ex), width, height, Math.Atan2(ey, ex));
        }
        return Ordered(best.X, best.Y, best.Width, best.Height, best.Angle);
    }

    /// <summary>
    /// The four corners: c + u + v, c + u - v, c - u - v, c - u + v, where u is half of the first side and v half of the second.
    /// </summary>
    public float[] Corners()
    {
        float cosine = MathF.Cos(Angle), sine = MathF.Sin(Angle);
        float ux = Width / 2 * cosine, uy = Width / 2 * sine, vx = -Height / 2 * sine, vy = Height / 2 * cosine;
        return [X + ux + vx, Y + uy + vy, X + ux - vx, Y + uy - vy, X - ux - vx, Y - uy - vy, X - ux + vx, Y - uy + vy];
    }

    /// <summary>The same box with the angle in [0, pi/2).</summary>
    public OrientedBox Regularized()
    {
        // The constants are float32, as what was learned with them is.
        const float Half = MathF.PI, Quarter = MathF.PI / 2;
        float turned = Floored(Angle, Half);
        return turned >= Quarter
            ? new(X, Y, Height, Width, Floored(Angle, Quarter))
            : new(X, Y, Width, Height, Floored(Angle, Quarter));
    }

    private static float Floored(float value, float divisor)
    {
        float rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }

    private static OrientedBox Ordered(double x, double y, double width, double height, double angle)
    {
        bool square = (float)width == (float)height;
        if (width < height) (width, height, angle) = (height, width, angle + (Math.PI / 2));
        (double least, double period) = square ? (0, Math.PI / 2) : (-Math.PI / 4, Math.PI);
        angle -= period * Math.Floor((angle - least) / period);
        if (square && angle <= 0) angle += period;
        return new((float)x, (float)y, (float)width, (float)height, (float)angle);
    }

    /// <summary>The corners of the convex hull in order (Andrew's monotone chain, 1979).</summary>
    private static (double X, double Y)[] Hull(ReadOnlySpan<float> points)
    {
        if (points.Length < 2) throw new ArgumentException("There is no point.", nameof(points));
        List<(double X, double Y)> sorted = [];
        for (int i = 0; i + 1 < points.Length; i += 2) sorted.Add((points[i], points[i + 1]));
        sorted.Sort();
        sorted = [.. sorted.Distinct()];
        if (sorted.Count < 3) return [.. sorted];
        List<(double X, double Y)> hull = [];
        foreach (bool back in (bool[])[false, true])
        {
            int first = hull.Count;
            foreach ((double X, double Y) point in back ? Enumerable.Reverse(sorted) : sorted)
            {
                while (hull.Count - first >= 2 && Turn(hull[^2], hull[^1], point) <= 0) hull.RemoveAt(hull.Count - 1);
                hull.Add(point);
            }
            hull.RemoveAt(hull.Count - 1);
        }
        return [.. hull];

        static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =>
            ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
    }
}
