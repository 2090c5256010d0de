namespace YoloTune.Data.Augmentation;

/// <summary>A labelled object of an image in the making, in its pixels.</summary>
/// <param name="Class">The class id.</param>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
/// <param name="Polygon">The outline as x, y pairs, or null.</param>
/// <param name="Keypoints">The keypoints as x, y, visibility, or null.</param>
internal readonly record struct PixelBox(
    float Class, float Left, float Top, float Right, float Bottom, float[]? Polygon = null, float[]? Keypoints = null)
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

    /// <summary>Cut to an area; the outline too, and keypoints outside of it are no longer labelled.</summary>
    public PixelBox Clip(float left, float top, float right, float bottom) => this with
    {
        Left = Math.Clamp(Left, left, right),
        Top = Math.Clamp(Top, top, bottom),
        Right = Math.Clamp(Right, left, right),
        Bottom = Math.Clamp(Bottom, top, bottom),
        Polygon = Points.Cut(Polygon, Points.Outline, left, top, right, bottom),
        Keypoints = Points.Cut(Keypoints, Points.Keypoint, left, top, right, bottom),
    };

    /// <summary>Mirrored in an image of the given width.</summary>
    /// <param name="width">The image's width.</param>
    /// <param name="flipIndex">The keypoint that takes each one's place; null leaves them in their places.</param>
    public PixelBox FlipHorizontally(float width, IReadOnlyList<int>? flipIndex = null) => this with
    {
        Left = width - Right,
        Right = width - Left,
        Polygon = Points.Scale(Polygon, Points.Outline, -1, width, 1, 0),
        Keypoints = Points.Swap(Points.Scale(Keypoints, Points.Keypoint, -1, width, 1, 0), flipIndex),
    };

    /// <summary>Upside down in an image of the given height.</summary>
    /// <param name="height">The image's height.</param>
    /// <param name="flipIndex">The keypoint that takes each one's place; null leaves them in their places.</param>
    public PixelBox FlipVertically(float height, IReadOnlyList<int>? flipIndex = null) => this with
    {
        Top = height - Bottom,
        Bottom = height - Top,
        Polygon = Points.Scale(Polygon, Points.Outline, 1, 0, -1, height),
        Keypoints = Points.Swap(Points.Scale(Keypoints, Points.Keypoint, 1, 0, -1, height), flipIndex),
    };
}
