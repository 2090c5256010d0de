namespace YoloTune.Images;

/// <summary>How an image is fitted into a frame: scaled by <see cref="Ratio"/> and padded on each side, in pixels of the frame.</summary>
internal sealed record LetterboxGeometry(
    double Ratio, int ResizedHeight, int ResizedWidth, int Left, int Top, int Right, int Bottom)
{
    /// <summary>Rows of the padded image.</summary>
    public int Height => ResizedHeight + Top + Bottom;

    /// <summary>Columns of the padded image.</summary>
    public int Width => ResizedWidth + Left + Right;
}
