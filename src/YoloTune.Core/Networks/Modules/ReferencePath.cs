namespace YoloTune.Networks.Modules;

/// <summary>The Python modules that the counterparts of our blocks live in; checkpoints name classes by these paths.</summary>
internal static class ReferencePath
{
    /// <summary>Where elementary convolution blocks live.</summary>
    public const string Conv = "ultralytics.nn.modules.conv.";

    /// <summary>Where composite blocks live.</summary>
    public const string Block = "ultralytics.nn.modules.block.";

    /// <summary>Where heads live.</summary>
    public const string Head = "ultralytics.nn.modules.head.";

    /// <summary>Where PyTorch's own modules live.</summary>
    public const string Torch = "torch.nn.modules.";
}
