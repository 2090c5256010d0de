using TorchSharp;
using YoloTune.Files;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;

namespace YoloTune.Export;

/// <summary>Writes a model to a file, in the formats that our own import brings back complete.</summary>
public static class ModelExporter
{
    /// <summary>The format that a file's extension asks for.</summary>
    public static ModelFileFormat FormatOf(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".pt" => ModelFileFormat.Pt,
            ".safetensors" => ModelFileFormat.SafeTensors,
            ".onnx" => ModelFileFormat.Onnx,
            _ => ModelFileFormat.StateDict,
        };

    /// <summary>Writes a .pt that Ultralytics loads: the module tree with class names, strides, YAML and training arguments.</summary>
    /// <inheritdoc cref="WriteStateDict"/>
    public static void WritePt(YoloModel model, string path, bool half = false) => UltralyticsFile.Write(model, path, half);

    /// <summary>Writes a .pt that <c>torch.load(path, weights_only=True)</c> reads as an ordered dictionary of tensors.</summary>
    /// <param name="model">The model; values are written in the type they have.</param>
    /// <param name="path">The file; it appears only when it is complete.</param>
    /// <param name="half">True writes floating-point values as float16.</param>
    public static void WriteStateDict(YoloModel model, string path, bool half = false) =>
        Write(model, half, tensors => StateDictFile.Write(path, tensors, ModelMetadata.Of(model)));

    /// <summary>Writes a .safetensors file.</summary>
    /// <inheritdoc cref="WriteStateDict"/>
    public static void WriteSafeTensors(YoloModel model, string path, bool half = false) =>
        Write(model, half, tensors => SafeTensorsFile.Write(path, tensors, ModelMetadata.Of(model)));

    private static void Write(YoloModel model, bool half, Action<IEnumerable<KeyValuePair<string, torch.Tensor>>> write)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        write(model.Items.Select(item => KeyValuePair.Create(item.Name, half && item.Tensor.is_floating_point() ? item.Tensor.half() : item.Tensor)));
    }
}
