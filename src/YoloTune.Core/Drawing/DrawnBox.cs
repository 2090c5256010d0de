namespace YoloTune.Drawing;

/// <summary>A box to draw on a picture.</summary>
/// <param name="X1">Left edge in pixels of the picture.</param>
/// <param name="Y1">Top edge in pixels of the picture.</param>
/// <param name="X2">Right edge in pixels of the picture.</param>
/// <param name="Y2">Bottom edge in pixels of the picture.</param>
/// <param name="ClassId">Class id; it decides the colour.</param>
/// <param name="ClassName">The text of the label; empty draws no label unless there is a confidence.</param>
/// <param name="Confidence">Confidence 0 to 1 of a prediction, null for a ground-truth label.</param>
internal sealed record DrawnBox(float X1, float Y1, float X2, float Y2, int ClassId, string ClassName, float? Confidence = null);
