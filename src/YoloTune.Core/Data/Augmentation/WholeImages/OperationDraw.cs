namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>An operation with its magnitude, the sign included.</summary>
internal sealed record OperationDraw(ImageOperation Operation, float Magnitude);
