namespace YoloTune.Files.Ultralytics;

/// <summary>How a model file is laid out.</summary>
public enum CheckpointFormat
{
    /// <summary>The zip archive of torch 1.6 and later.</summary>
    TorchZip,

    /// <summary>The row of pickles that torch wrote before 1.6.</summary>
    TorchLegacy,

    /// <summary>The tar archive that torch wrote before 0.2.</summary>
    TorchTar,

    /// <summary>A pickle without torch's frame, which Python runs all the same when it is asked to load it.</summary>
    Pickle,

    /// <summary>A .safetensors file.</summary>
    SafeTensors,

    /// <summary>An .onnx file.</summary>
    Onnx,

    /// <summary>An array or an archive that is no model file, such as .npy or 7z.</summary>
    Other,
}
