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
    /// <param name="flipIndex">The keypoint that takes each one's place; null leaves them in their places.</param>
    public static void Mirror(ImageBuffer image, List<PixelBox> boxes, double share, IReadOnlyList<int>? flipIndex = null)
    {
        if (boxes.TrueForAll(box => box.Polygon is null)) return;
        using ImageBuffer mirrored = ImageBuffer.Rent(image.Height, image.Width);
        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(mirrored.Row(y));
            mirrored.Row(y).Reverse();
        }
        Paste(image, boxes, mirrored, [.. boxes.Select(box => box.FlipHorizontally(image.Width, flipIndex))], share);
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
        using Stencil stencil = new(image.Height, image.Width);
        foreach ((PixelBox box, _) in fitting.Take((int)Math.Round(share * fitting.Length)))
        {
            stencil.Fill(box.Polygon!);
            boxes.Add(box);
        }
        foreach ((int y, int start, int end) in stencil.Spans()) source.Row(y)[start..end].CopyTo(image.Row(y)[start..end]);
        Outlines.Equalise(boxes);
    }

    private static float Cover(PixelBox box, PixelBox[] existing)
        => existing.Length == 0 ? 0 : existing.Max(other => box.Intersection(other) / Math.Max(other.Area, 1e-7f));
}
