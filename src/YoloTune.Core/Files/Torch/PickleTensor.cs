namespace YoloTune.Files.Torch;

/// <summary>A tensor as a pickle describes it. The numbers are as written, unchecked, until the archive makes a tensor of them.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Offset">The first element, counted in elements.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Strides">The step of each dimension, in elements.</param>
/// <param name="RequiresGrad">Whether it was trained.</param>
/// <param name="IsParameter">True for a torch.nn.Parameter.</param>
internal sealed record PickleTensor(
    PickleStorage Storage,
    long Offset,
    IReadOnlyList<long> Shape,
    IReadOnlyList<long> Strides,
    bool RequiresGrad = false,
    bool IsParameter = false);
