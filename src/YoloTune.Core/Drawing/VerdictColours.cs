using SkiaSharp;
using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>The colours of what became of an object.</summary>
internal static class VerdictColours
{
    private static readonly SKColor Right = new(0x1f, 0xa3, 0x4a), Wrong = new(0xe0, 0x24, 0x2b), Other = new(0xf5, 0x8a, 0x07),
        Placed = new(0xe6, 0xc2, 0x00);

    /// <summary>What the colours mean.</summary>
    public static IReadOnlyList<(SKColor Colour, string Text)> Legend { get; } =
        [(Right, "correct"), (Wrong, "missed (left) or false (right)"), (Other, "confused"), (Placed, "badly placed")];

    /// <summary>The colour of a verdict; of none that of the class.</summary>
    public static SKColor Of(ImageObject item) => item.Verdict switch
    {
        ObjectVerdict.Correct => Right,
        ObjectVerdict.Missed or ObjectVerdict.False => Wrong,
        ObjectVerdict.Confused => Other,
        ObjectVerdict.Misplaced => Placed,
        _ => ClassPalette.Colour(item.ClassId),
    };
}
