namespace YoloTune.Files;

/// <summary>The file formats a model can be written in.</summary>
public enum ModelFileFormat
{
    /// <summary>A .pt with the module tree, as Ultralytics loads it to predict, validate, export and go on training.</summary>
    Pt,

    /// <summary>A .pt with an ordered dictionary of tensors, for <c>torch.load(weights_only=True)</c>.</summary>
    StateDict,

    /// <summary>A .safetensors file.</summary>
    SafeTensors,

    /// <summary>An .onnx graph for inference.</summary>
    Onnx,
}
