namespace YoloTune.Prediction;

/// <summary>A place in an image, in its pixels.</summary>
/// <param name="X">Column, from the left.</param>
/// <param name="Y">Row, from the top.</param>
public readonly record struct ImagePoint(double X, double Y);
