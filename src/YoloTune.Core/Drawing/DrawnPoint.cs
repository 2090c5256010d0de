using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>A point to draw on a picture.</summary>
/// <param name="X">Pixels from the left edge.</param>
/// <param name="Y">Pixels from the top edge.</param>
/// <param name="IsVisible">Whether it is drawn.</param>
/// <param name="Colour">Its colour; null takes that of the class.</param>
internal readonly record struct DrawnPoint(float X, float Y, bool IsVisible = true, SKColor? Colour = null);
