using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>How a contact sheet is laid out, in pixels.</summary>
internal sealed record SheetLayout
{
    /// <summary>Tiles beside each other.</summary>
    public int Columns { get; init; } = 5;

    /// <summary>Width of a panel.</summary>
    public int PanelWidth { get; init; } = 360;

    /// <summary>Height of a panel.</summary>
    public int PanelHeight { get; init; } = 300;

    /// <summary>Whether there are only pictures, without margins and captions.</summary>
    public bool IsBare { get; init; }

    /// <summary>What the sheet shows, above everything; empty for nothing.</summary>
    public string Title { get; init; } = "";

    /// <summary>What colours mean, below everything.</summary>
    public IReadOnlyList<(SKColor Colour, string Text)> Legend { get; init; } = [];

    /// <summary>The lines between the keypoints of an object, by their number.</summary>
    public Func<int, IReadOnlyList<DrawnLine>?> Lines { get; init; } = _ => null;
}
