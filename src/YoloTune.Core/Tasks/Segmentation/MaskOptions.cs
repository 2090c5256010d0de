namespace YoloTune.Tasks.Segmentation;

/// <summary>How the masks of training and measuring are made.</summary>
/// <param name="Overlap">
/// One picture an image with the number of the object on top, so that an object is cut by smaller ones on it (args name
/// <c>overlap_mask</c>); otherwise a whole mask for each object.
/// </param>
/// <param name="Ratio">The side of the network's picture divided by that of the masks (args name <c>mask_ratio</c>).</param>
internal sealed record MaskOptions(bool Overlap = true, int Ratio = 4);
