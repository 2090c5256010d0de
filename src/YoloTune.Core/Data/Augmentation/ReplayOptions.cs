namespace YoloTune.Data.Augmentation;

/// <summary>How images of a second dataset are mixed into the epochs.</summary>
/// <param name="Count">How many of the dataset's images, its last, are the second dataset's.</param>
/// <param name="PerEpoch">How many of them an epoch shows.</param>
public sealed record ReplayOptions(int Count, int PerEpoch);
