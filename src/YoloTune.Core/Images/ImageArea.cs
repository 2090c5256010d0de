namespace YoloTune.Images;

/// <summary>A rectangle of whole pixels of an image.</summary>
/// <param name="Top">Rows above it.</param>
/// <param name="Left">Columns to the left of it.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
internal readonly record struct ImageArea(int Top, int Left, int Height, int Width)
{
    /// <summary>Requires that it has pixels and lies in an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    internal void CheckInside(ImageBuffer image)
    {
        if (Top >= 0 && Left >= 0 && Height > 0 && Width > 0 && Top + Height <= image.Height && Left + Width <= image.Width) return;
        throw new ArgumentOutOfRangeException(nameof(image), $"{this} does not lie in an image of {image.Height} x {image.Width} pixels.");
    }
}
