using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>A line between two points of an object; drawn where both are.</summary>
/// <param name="From">The number of the one point.</param>
/// <param name="To">The number of the other.</param>
/// <param name="Colour">Its colour.</param>
internal readonly record struct DrawnLine(int From, int To, SKColor Colour);
