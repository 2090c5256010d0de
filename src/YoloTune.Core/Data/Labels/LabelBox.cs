namespace YoloTune.Data.Labels;

/// <summary>A box: centre and size, divided by the image's width or height.</summary>
public readonly record struct LabelBox(float X, float Y, float Width, float Height);
