namespace YoloTune.Prediction;

/// <summary>Where the prediction on an image is written to.</summary>
/// <param name="Image">The image that is looked at.</param>
/// <param name="Picture">The annotated picture.</param>
/// <param name="Labels">The label file; null when none is wanted.</param>
public sealed record PredictionFile(string Image, string Picture, string? Labels);
