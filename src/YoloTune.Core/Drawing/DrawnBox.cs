namespace YoloTune.Drawing;

/// <summary>A box to draw on a picture.</summary>
/// <param name="X1">Left edge in pixels of the picture.</param>
/// <param name="Y1">Top edge in pixels of the picture.</param>
/// <param name="X2">Right edge in pixels of the picture.</param>
/// <param name="Y2">Bottom edge in pixels of the picture.</param>
/// <param name="ClassId">Class id; it decides the colour.</param>
/// <param name="ClassName">The text of the label; empty draws no label unless there is a confidence.</param>
/// <param name="Confidence">Confidence 0 to 1 of a prediction, null for a ground-truth label.</param>
internal sealed record DrawnBox(float X1, float Y1, float X2, float Y2, int ClassId, string ClassName, float? Confidence = null)
{
    /// <summary>The corners of an oriented box, drawn in place of the upright one; null for none.</summary>
    public IReadOnlyList<DrawnPoint>? Corners { get; init; }

    /// <summary>Points of the object, drawn on top; null for none.</summary>
    public IReadOnlyList<DrawnPoint>? Points { get; init; }

    /// <summary>The points that lines join; null for none.</summary>
    public IReadOnlyList<DrawnLine>? Lines { get; init; }

    /// <summary>The same object on a picture that is smaller by a factor and stands elsewhere.</summary>
    internal DrawnBox Move(float left, float top, float scale)
    {
        return this with
        {
            X1 = left + X1 * scale, Y1 = top + Y1 * scale, X2 = left + X2 * scale, Y2 = top + Y2 * scale,
            Corners = Moved(Corners), Points = Moved(Points),
        };

        DrawnPoint[]? Moved(IReadOnlyList<DrawnPoint>? points) => points is null
            ? null
            : [.. points.Select(point => point with { X = left + point.X * scale, Y = top + point.Y * scale })];
    }
}
