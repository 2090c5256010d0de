namespace YoloTune.Images;

/// <summary>
/// The outlines of a mask (Suzuki and Abe, Topological structural analysis of digitized binary images by border following, 1985): the outer
/// borders of its parts, without what lies in holes.
/// </summary>
internal static class MaskContours
{
    private const sbyte Seen = 2, SeenAtRight = -2;

    // Counter-clockwise on the screen from the west: W, SW, S, SE, E, NE, N, NW.
    private static readonly (int X, int Y)[] Steps = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)];

    /// <summary>
    /// The outer borders, the last found first: from bottom to top. Each begins at its first pixel in reading order and goes down its left
    /// side; pixels on a straight line are left out.
    /// </summary>
    public static List<(int X, int Y)[]> Find(MaskPatch mask)
    {
        int stride = mask.Width + 2;
        sbyte[] marks = new sbyte[stride * (mask.Height + 2)];
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++) marks[(y + 1) * stride + x + 1] = (sbyte)mask.Pixels[y * mask.Width + x];
        }
        List<(int X, int Y)[]> contours = [];
        for (int y = 1; y <= mask.Height; y++)
        {
            // Whether the border met last in this row was passed at its right side, or none was: what comes then lies in no hole.
            bool outside = true;
            for (int x = 1; x <= mask.Width; x++)
            {
                sbyte mark = marks[y * stride + x];
                if (mark == 0) continue;
                if (mark == 1 && marks[y * stride + x - 1] == 0 && outside)
                {
                    contours.Add(Follow(marks, stride, x, y, mask.Left - 1, mask.Top - 1));
                    mark = marks[y * stride + x];
                }
                if (mark != 1) outside = mark == SeenAtRight;
            }
        }
        contours.Reverse();
        return contours;
    }

    private static (int X, int Y)[] Follow(sbyte[] marks, int stride, int startX, int startY, int offsetX, int offsetY)
    {
        List<(int, int)> points = [];
        // Clockwise from the west: the neighbour the border comes back through.
        int back = -1;
        for (int turn = 0; turn < 8 && back < 0; turn++)
        {
            int direction = (8 - turn) % 8;
            if (marks[At(startX + Steps[direction].X, startY + Steps[direction].Y)] != 0) back = direction;
        }
        if (back < 0)
        {
            marks[At(startX, startY)] = SeenAtRight;
            return [(startX + offsetX, startY + offsetY)];
        }
        (int lastX, int lastY) = (startX + Steps[back].X, startY + Steps[back].Y);
        (int x, int y) = (startX, startY);
        int previous = (back + 4) % 8, from = back;
        while (true)
        {
            bool passedEast = false;
            int direction = from;
            do
            {
                direction = (direction + 1) % 8;
                if (marks[At(x + Steps[direction].X, y + Steps[direction].Y)] != 0) break;
                passedEast |= direction == 4;
            }
            while (direction != from);
            ref sbyte mark = ref marks[At(x, y)];
            if (passedEast) mark = SeenAtRight;
            else if (mark == 1) mark = Seen;
            if (direction != previous) points.Add((x + offsetX, y + offsetY));
            (int nextX, int nextY) = (x + Steps[direction].X, y + Steps[direction].Y);
            if ((nextX, nextY) == (startX, startY) && (x, y) == (lastX, lastY)) return [.. points];
            (x, y, previous, from) = (nextX, nextY, direction, (direction + 4) % 8);
        }

        int At(int column, int row) => row * stride + column;
    }
}
