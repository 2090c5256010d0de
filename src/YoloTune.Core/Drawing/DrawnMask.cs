using SkiaSharp;
using YoloTune.Images;

namespace YoloTune.Drawing;

/// <summary>A mask to draw on a picture, in the picture's pixels.</summary>
/// <param name="Pixels">Its pixels.</param>
/// <param name="Colour">Its colour.</param>
internal sealed record DrawnMask(MaskPatch Pixels, SKColor Colour)
{
    /// <summary>The mask of an object, in the colour of its class.</summary>
    public static DrawnMask Of(MaskPatch pixels, int classId) => new(pixels, ClassPalette.Colour(classId));
}
