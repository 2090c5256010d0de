namespace YoloTune.Files.Onnx;

/// <summary>The size of one dimension: a number, a name that stands for a number told at run time, or unknown.</summary>
/// <param name="Size">The number, or -1.</param>
/// <param name="Name">The name where the number is not known, or null.</param>
internal readonly record struct OnnxDimension(long Size, string? Name = null)
{
    public static OnnxDimension Unknown { get; } = new(-1);

    public bool IsKnown => Size >= 0;

    public static implicit operator OnnxDimension(long size) => new(size);

    /// <summary>The size that a function of this one has.</summary>
    public OnnxDimension Map(Func<long, long> change) => IsKnown ? new(change(Size)) : Unknown;

    public static OnnxDimension operator +(OnnxDimension a, OnnxDimension b) => a.IsKnown && b.IsKnown ? new(a.Size + b.Size) : Unknown;

    public static OnnxDimension operator *(OnnxDimension a, OnnxDimension b) => a.IsKnown && b.IsKnown ? new(a.Size * b.Size) : Unknown;
}
