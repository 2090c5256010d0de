namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Makes one outline of several, for a row of a label file has one: from where a further one comes nearest the line goes there, round it
/// and back.
/// </summary>
internal static class OutlineJoin
{
    /// <summary>The outline as x, y pairs; null when there is none.</summary>
    public static double[]? Of(IReadOnlyList<double[]> polygons)
    {
        if (polygons.Count == 0) return null;
        List<(double X, double Y)> joined = Points(polygons[0]);
        foreach (double[] polygon in polygons.Skip(1)) Insert(joined, Points(polygon));
        return [.. joined.SelectMany(point => new[] { point.X, point.Y })];
    }

    private static void Insert(List<(double X, double Y)> line, List<(double X, double Y)> other)
    {
        (int at, int from) = (0, 0);
        double least = double.PositiveInfinity;
        for (int i = 0; i < line.Count; i++)
        {
            for (int j = 0; j < other.Count; j++)
            {
                double x = line[i].X - other[j].X, y = line[i].Y - other[j].Y, distance = x * x + y * y;
                if (distance < least) (least, at, from) = (distance, i, j);
            }
        }
        line.InsertRange(at + 1, [.. other.Skip(from), .. other.Take(from), other[from], line[at]]);
    }

    private static List<(double X, double Y)> Points(double[] polygon) =>
        [.. Enumerable.Range(0, polygon.Length / 2).Select(i => (polygon[2 * i], polygon[2 * i + 1]))];
}
