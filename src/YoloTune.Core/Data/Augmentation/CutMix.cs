using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>Pastes a rectangle of a second item where the first has no object (Yun et al., CutMix, 2019).</summary>
internal static class CutMix
{
    /// <summary>The fraction of a box that must lie in the rectangle.</summary>
    public const float SmallestShare = 0.1f;

    /// <summary>The fraction that must lie in the rectangle when labels are polygons.</summary>
    public const float SmallestShareOfPolygon = 0.01f;

    /// <summary>Changes the first image and its boxes, unless no rectangle is free or no object of the second lies in it.</summary>
    /// <param name="first">The image to change; both have one size.</param>
    /// <param name="boxes">Its boxes; those of the second that come in are added.</param>
    /// <param name="second">The image a piece is taken from.</param>
    /// <param name="otherBoxes">Its boxes.</param>
    /// <param name="draw">The rectangles.</param>
    public static void Apply(
        ImageBuffer first, List<PixelBox> boxes, ImageBuffer second, IReadOnlyList<PixelBox> otherBoxes, CutMixDraw draw)
    {
        PixelBox[] free = [.. draw.Candidates.Select(candidate => Rectangle(candidate, first.Height, first.Width))
            .Where(rectangle => boxes.TrueForAll(box => box.Intersection(rectangle) == 0))];
        if (free.Length == 0) return;
        PixelBox area = free[Math.Min((int)(draw.Pick * free.Length), free.Length - 1)];
        PixelBox[] taken = [.. otherBoxes.Where(box => box.Area > 0 && box.Intersection(area) / box.Area
            >= (box.Polygon is null ? SmallestShare : SmallestShareOfPolygon))];
        if (taken.Length == 0 || area.Area <= 0) return;
        (int left, int right) = ((int)area.Left, (int)area.Right);
        for (int y = (int)area.Top; y < (int)area.Bottom; y++) second.Row(y)[left..right].CopyTo(first.Row(y)[left..right]);
        boxes.AddRange(taken.Select(box => box.Clip(area.Left, area.Top, area.Right, area.Bottom)));
    }

    private static PixelBox Rectangle((double Share, int X, int Y) candidate, int height, int width)
    {
        double side = Math.Sqrt(1 - candidate.Share);
        (int halfWidth, int halfHeight) = ((int)(width * side) / 2, (int)(height * side) / 2);
        return new PixelBox(
            -1, Math.Clamp(candidate.X - halfWidth, 0, width), Math.Clamp(candidate.Y - halfHeight, 0, height),
            Math.Clamp(candidate.X + halfWidth, 0, width), Math.Clamp(candidate.Y + halfHeight, 0, height));
    }
}
