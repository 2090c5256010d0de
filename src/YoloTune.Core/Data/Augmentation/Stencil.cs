using System.Buffers;

namespace YoloTune.Data.Augmentation;

/// <summary>
/// A picture of outlines filled with 1. Corners are cut to whole pixels; the outline itself belongs to the object, and its inside is
/// filled by the even-odd rule, as the reference's image library does it.
/// </summary>
internal sealed class Stencil : IDisposable
{
    private const int FractionBits = 16;
    private const int One = 1 << FractionBits;

    private readonly int height, width;
    private readonly byte[] pixels;
    private readonly List<(int X, int Y)> corners = [];
    private long[] crossings = [];
    private int[] starts = [];

    /// <summary>An empty stencil.</summary>
    public Stencil(int height, int width)
    {
        (this.height, this.width) = (height, width);
        pixels = ArrayPool<byte>.Shared.Rent(height * width);
        pixels.AsSpan(0, height * width).Clear();
        ResetBounds();
    }

    /// <summary>The first row that may have a pixel set.</summary>
    public int Top { get; private set; }

    /// <summary>The last row that may have a pixel set; less than <see cref="Top"/> when none has.</summary>
    public int Bottom { get; private set; }

    /// <summary>The first column that may have a pixel set.</summary>
    public int Left { get; private set; }

    /// <summary>The last column that may have a pixel set.</summary>
    public int Right { get; private set; }

    /// <summary>A row: 1 where an outline is filled.</summary>
    public ReadOnlySpan<byte> Row(int y) => pixels.AsSpan(y * width, width);

    /// <summary>Adds an outline.</summary>
    /// <param name="polygon">x, y pairs in pixels.</param>
    public void Fill(float[] polygon)
    {
        corners.Clear();
        for (int i = 0; i + 1 < polygon.Length; i += 2)
        {
            (int, int) corner = (Whole(polygon[i]), Whole(polygon[i + 1]));
            if (corners.Count == 0 || corners[^1] != corner) corners.Add(corner);
        }
        if (corners.Count == 0) return;
        for (int i = 0; i < corners.Count; i++) DrawLine(corners[i], corners[(i + 1) % corners.Count]);
        FillInside();
    }

    /// <summary>Empties the stencil.</summary>
    public void Clear()
    {
        for (int y = Top; y <= Bottom; y++) pixels.AsSpan(y * width + Left, Right - Left + 1).Clear();
        ResetBounds();
    }

    /// <summary>Stretches [start, end) of rows that are filled.</summary>
    public IEnumerable<(int Y, int Start, int End)> Spans()
    {
        for (int y = Top; y <= Bottom; y++)
        {
            for (int x = Left; x <= Right; x++)
            {
                if (pixels[y * width + x] == 0) continue;
                int start = x;
                while (x <= Right && pixels[y * width + x] != 0) x++;
                yield return (y, start, x);
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(pixels);

    private static int Whole(float value) => (int)Math.Clamp(value, -1e8f, 1e8f);

    private void ResetBounds() => (Top, Bottom, Left, Right) = (height, -1, width, -1);

    private void Set(int y, int first, int last)
    {
        pixels.AsSpan(y * width + first, last - first + 1).Fill(1);
        (Top, Bottom) = (Math.Min(Top, y), Math.Max(Bottom, y));
        (Left, Right) = (Math.Min(Left, first), Math.Max(Right, last));
    }

    // From the end with the smaller x, step by step along the longer side.
    private void DrawLine((int X, int Y) from, (int X, int Y) to)
    {
        if (!ClipLine(ref from, ref to)) return;
        if (to.X < from.X) (from, to) = (to, from);
        int x = to.X - from.X, y = Math.Abs(to.Y - from.Y), down = Math.Sign(to.Y - from.Y);
        int longer = Math.Max(x, y), shorter = Math.Min(x, y);
        for (int k = 0; k <= longer; k++)
        {
            int aside = longer == 0 ? 0 : (int)((2L * k * shorter + longer - 1) / (2L * longer));
            (int column, int row) = x >= y ? (from.X + k, from.Y + down * aside) : (from.X + aside, from.Y + down * k);
            Set(row, column, column);
        }
    }

    // Rows first, then columns, each cut to an integer (Cohen and Sutherland).
    private bool ClipLine(ref (int X, int Y) a, ref (int X, int Y) b)
    {
        if ((Outside(a) & Outside(b)) != 0) return false;
        long x1 = a.X, y1 = a.Y, x2 = b.X, y2 = b.Y;
        if (OutsideRows(y1)) CutToRow(ref x1, ref y1, x2, y2);
        if (OutsideRows(y2)) CutToRow(ref x2, ref y2, x1, y1);
        if ((x1 < 0 && x2 < 0) || (x1 >= width && x2 >= width)) return false;
        if (x1 < 0 || x1 >= width) CutToColumn(ref x1, ref y1, x2, y2);
        if (x2 < 0 || x2 >= width) CutToColumn(ref x2, ref y2, x1, y1);
        (a, b) = (((int)x1, (int)y1), ((int)x2, (int)y2));
        return true;

        bool OutsideRows(long y) => y < 0 || y >= height;
    }

    private int Outside((int X, int Y) point) =>
        (point.X < 0 ? 1 : point.X >= width ? 2 : 0) | (point.Y < 0 ? 4 : point.Y >= height ? 8 : 0);

    private void CutToRow(ref long x, ref long y, long otherX, long otherY)
    {
        long edge = y < 0 ? 0 : height - 1;
        x += (long)((double)(edge - y) * (otherX - x) / (otherY - y));
        y = edge;
    }

    private void CutToColumn(ref long x, ref long y, long otherX, long otherY)
    {
        long edge = x < 0 ? 0 : width - 1;
        y += (long)((double)(edge - x) * (otherY - y) / (otherX - x));
        x = edge;
    }

    // Where every row crosses the sides, gathered side by side: a row's crossings stand together, and are sorted and paired.
    private void FillInside()
    {
        if (starts.Length < height + 2) starts = new int[height + 2];
        starts.AsSpan().Clear();
        ForEachSide((first, last, _, _, _) =>
        {
            for (int y = first; y < last; y++) starts[y + 2]++;
        });
        for (int y = 2; y < height + 2; y++) starts[y] += starts[y - 1];
        if (crossings.Length < starts[height + 1]) crossings = new long[starts[height + 1]];
        ForEachSide((first, last, top, x, slope) =>
        {
            for (int y = first; y < last; y++) crossings[starts[y + 1]++] = ((long)x << FractionBits) + (y - top) * slope;
        });
        for (int y = 0; y < height; y++)
        {
            Span<long> row = crossings.AsSpan(starts[y]..starts[y + 1]);
            if (row.IsEmpty) continue;
            row.Sort();
            for (int i = 0; i + 1 < row.Length; i += 2)
            {
                long first = Math.Max(0, (row[i] + One - 1) >> FractionBits), last = Math.Min(width - 1, row[i + 1] >> FractionBits);
                if (first <= last) Set(y, (int)first, (int)last);
            }
        }
    }

    private delegate void SideAction(int first, int last, int top, int x, long slope);

    private void ForEachSide(SideAction action)
    {
        for (int i = 0; i < corners.Count; i++)
        {
            (int X, int Y) a = corners[i], b = corners[(i + 1) % corners.Count];
            if (a.Y == b.Y) continue;
            if (a.Y > b.Y) (a, b) = (b, a);
            int first = Math.Max(a.Y, 0), last = Math.Min(b.Y, height);
            if (first < last) action(first, last, a.Y, a.X, ((long)(b.X - a.X) << FractionBits) / (b.Y - a.Y));
        }
    }
}
