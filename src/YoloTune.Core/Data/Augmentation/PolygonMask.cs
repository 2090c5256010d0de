namespace YoloTune.Data.Augmentation;

/// <summary>Fills outlines, row by row and by the even-odd rule.</summary>
internal static class PolygonMask
{
    /// <summary>Calls back with every stretch [start, end) of a row inside the outline.</summary>
    public static void Scan(float[] polygon, int height, int width, Action<int, int, int> stretch)
    {
        int corners = polygon.Length / 2;
        if (corners < 3) return;
        List<float> crossings = [];
        float top = float.MaxValue, bottom = float.MinValue;
        for (int i = 1; i < polygon.Length; i += 2) (top, bottom) = (Math.Min(top, polygon[i]), Math.Max(bottom, polygon[i]));
        for (int y = Math.Max(0, (int)MathF.Floor(top)); y <= Math.Min(height - 1, (int)MathF.Ceiling(bottom)); y++)
        {
            float middle = y + 0.5f;
            crossings.Clear();
            for (int i = 0; i < corners; i++)
            {
                int j = (i + 1) % corners;
                (float x0, float y0, float x1, float y1) = (polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]);
                if (y0 <= middle != y1 <= middle) crossings.Add(x0 + (middle - y0) / (y1 - y0) * (x1 - x0));
            }
            crossings.Sort();
            for (int i = 0; i + 1 < crossings.Count; i += 2)
            {
                int start = Math.Clamp((int)MathF.Round(crossings[i]), 0, width);
                int end = Math.Clamp((int)MathF.Round(crossings[i + 1]), 0, width);
                if (start < end) stretch(y, start, end);
            }
        }
    }
}
