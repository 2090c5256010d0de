namespace YoloTune.Images;

/// <summary>What the head of an image file tells.</summary>
/// <param name="Height">Rows as displayed, the EXIF orientation applied.</param>
/// <param name="Width">Columns as displayed, the EXIF orientation applied.</param>
/// <param name="Format">The real format, by content: "jpeg", "png", "gif", "webp", "bmp" ...</param>
internal sealed record ImageInfo(int Height, int Width, string Format)
{
    /// <summary>
    /// Whether a JPEG was decoded whole though the file stops before its end mark. It is known after decoding only.
    /// </summary>
    public bool LacksEnd { get; init; }
}
