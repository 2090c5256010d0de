namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Chains of operations whose results are mixed with the image (AugMix).</summary>
/// <param name="Own">The weight of the image itself.</param>
/// <param name="Chains">The weight of each chain, and its operations.</param>
internal sealed record MixDraw(float Own, IReadOnlyList<(float Weight, IReadOnlyList<OperationDraw> Operations)> Chains);
