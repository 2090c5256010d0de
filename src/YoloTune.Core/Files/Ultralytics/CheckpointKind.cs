namespace YoloTune.Files.Ultralytics;

/// <summary>What a model file is.</summary>
public enum CheckpointKind
{
    /// <summary>A .pt of Ultralytics: the module tree with its YAML.</summary>
    UltralyticsModel,

    /// <summary>A .pt of the YOLOv5 repository, with an anchor-based head.</summary>
    YoloV5Model,

    /// <summary>A .pt with tensors by name; also a module tree of another origin, which is no more than that here.</summary>
    StateDict,

    /// <summary>A .safetensors file.</summary>
    SafeTensors,
}
