namespace YoloTune.Data.Augmentation;

/// <summary>A labelled object of an image in the making, in its pixels.</summary>
/// <param name="Class">The class id.</param>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
/// <param name="Polygon">The outline as x, y pairs, or null.</param>
internal readonly record struct PixelBox(float Class, float Left, float Top, float Right, float Bottom, float[]? Polygon = null)
{
    /// <summary>Right less left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom less top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width times height.</summary>
    public float Area => Width * Height;

    /// <summary>The area shared with another box.</summary>
    public float Intersection(PixelBox other) => Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
        * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));

    /// <summary>Cut to an area; the outline too.</summary>
    public PixelBox Clip(float left, float top, float right, float bottom) => this with
    {
        Left = Math.Clamp(Left, left, right),
        Top = Math.Clamp(Top, top, bottom),
        Right = Math.Clamp(Right, left, right),
        Bottom = Math.Clamp(Bottom, top, bottom),
        Polygon = Polygon is null ? null : [.. Polygon.Select((value, i) => i % 2 == 0
            ? Math.Clamp(value, left, right)
            : Math.Clamp(value, top, bottom))],
    };

    /// <summary>Mirrored in an image of the given width.</summary>
    public PixelBox FlipHorizontally(float width) => this with
    {
        Left = width - Right,
        Right = width - Left,
        Polygon = Polygon is null ? null : [.. Polygon.Select((value, i) => i % 2 == 0 ? width - value : value)],
    };

    /// <summary>Upside down in an image of the given height.</summary>
    public PixelBox FlipVertically(float height) => this with
    {
        Top = height - Bottom,
        Bottom = height - Top,
        Polygon = Polygon is null ? null : [.. Polygon.Select((value, i) => i % 2 == 1 ? height - value : value)],
    };
}
