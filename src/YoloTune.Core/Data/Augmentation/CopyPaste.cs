using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>Adds objects cut out along their outlines (Ghiasi et al., Simple Copy-Paste, 2021).</summary>
internal static class CopyPaste
{
    /// <summary>An added object covers less than this fraction of every object that is there.</summary>
    public const float LargestCover = 0.3f;

    /// <summary>Adds mirrored objects of the image itself.</summary>
    /// <param name="image">The image, changed in place.</param>
    /// <param name="boxes">Its boxes; added ones follow.</param>
    /// <param name="share">The fraction of the fitting objects that is pasted.</param>
    public static void Mirror(ImageBuffer image, List<PixelBox> boxes, double share)
    {
        if (boxes.TrueForAll(box => box.Polygon is null)) return;
        using ImageBuffer mirrored = ImageBuffer.Rent(image.Height, image.Width);
        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(mirrored.Row(y));
            mirrored.Row(y).Reverse();
        }
        Paste(image, boxes, mirrored, [.. boxes.Select(box => box.FlipHorizontally(image.Width))], share);
    }

    /// <summary>Adds objects of a second image of the same size.</summary>
    /// <param name="image">The image, changed in place.</param>
    /// <param name="boxes">Its boxes; added ones follow.</param>
    /// <param name="source">The image the objects come from.</param>
    /// <param name="candidates">Its boxes; those without an outline are not used.</param>
    /// <param name="share">The fraction of the fitting objects that is pasted, those first that cover least.</param>
    public static void Paste(
        ImageBuffer image, List<PixelBox> boxes, ImageBuffer source, IReadOnlyList<PixelBox> candidates, double share)
    {
        PixelBox[] existing = [.. boxes];
        (PixelBox Box, float Cover)[] fitting = [.. candidates.Where(box => box.Polygon is not null)
            .Select(box => (box, Cover(box, existing))).Where(pair => pair.Item2 < LargestCover).OrderBy(pair => pair.Item2)];
        foreach ((PixelBox box, _) in fitting.Take((int)Math.Round(share * fitting.Length)))
        {
            PolygonMask.Scan(box.Polygon!, image.Height, image.Width, (y, start, end) =>
                source.Row(y)[start..end].CopyTo(image.Row(y)[start..end]));
            boxes.Add(box);
        }
    }

    private static float Cover(PixelBox box, PixelBox[] existing)
        => existing.Length == 0 ? 0 : existing.Max(other => box.Intersection(other) / Math.Max(other.Area, 1e-7f));
}
