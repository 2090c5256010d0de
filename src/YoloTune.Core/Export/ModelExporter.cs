using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;

namespace YoloTune.Export;

/// <summary>Writes a model to a file, in the formats that our own import brings back complete.</summary>
public static class ModelExporter
{
    private const string Formats = "The formats are .pt (Ultralytics), .pth (a state dict), .safetensors and .onnx.";

    private static readonly Dictionary<string, ModelFileFormat[]> FormatsByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pt"] = [ModelFileFormat.Pt, ModelFileFormat.StateDict],
        [".pth"] = [ModelFileFormat.StateDict, ModelFileFormat.Pt],
        [".safetensors"] = [ModelFileFormat.SafeTensors],
        [".onnx"] = [ModelFileFormat.Onnx],
    };

    /// <summary>Formats of other programs, and how they are made of what is written here.</summary>
    private static readonly Dictionary<string, string> WaysToOthers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".engine"] = "For TensorRT export .onnx and build the engine on the machine that runs it: "
            + "trtexec --onnx=model.onnx --saveEngine=model.engine.",
        [".plan"] =
            "For TensorRT export .onnx and build the plan on the machine that runs it: trtexec --onnx=model.onnx --saveEngine=model.plan.",
        [".tflite"] = "For TensorFlow Lite export .onnx and convert it: onnx2tf -i model.onnx.",
        [".pb"] = "For TensorFlow export .onnx and convert it: onnx2tf -i model.onnx.",
        [".torchscript"] = "For TorchScript export .pt and trace it in Python: yolo export model=model.pt format=torchscript.",
        [".mlpackage"] = "For Core ML export .pt and convert it in Python: yolo export model=model.pt format=coreml.",
        [".mlmodel"] = "For Core ML export .pt and convert it in Python: yolo export model=model.pt format=coreml.",
        [".xml"] = "For OpenVINO export .onnx, which it reads, or convert it: ovc model.onnx.",
        [".param"] = "For ncnn export .onnx and convert it: pnnx model.onnx.",
        [".mnn"] = "For MNN export .onnx and convert it: MNNConvert -f ONNX --modelFile model.onnx --MNNModel model.mnn.",
        [".rknn"] = "For Rockchip export .onnx and convert it with the RKNN toolkit.",
    };

    /// <summary>The format of a file to write: the one wanted, or what its extension asks for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">The format that was asked for; null leaves it to the extension.</param>
    /// <exception cref="SelectionException">The extension is of no format that is written here, or of another one than wanted.</exception>
    public static ModelFileFormat FormatOf(string path, ModelFileFormat? wanted = null)
    {
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw new SelectionException(
                $"'{path}' is a folder.", remedy: "Give the path of a file in it, such as model.pt or model.onnx.");
        }
        string extension = Path.GetExtension(path);
        if (FormatsByExtension.TryGetValue(extension, out ModelFileFormat[]? possible))
        {
            if (wanted is not { } format || possible.Contains(format)) return wanted ?? possible[0];
            throw new SelectionException(
                $"'{Path.GetFileName(path)}' has the extension of the format {possible[0]}, and -Format is {format}.",
                remedy: "Leave out -Format, or give a path that ends in "
                    + $"{FormatsByExtension.First(entry => entry.Value[0] == format).Key}.");
        }
        if (WaysToOthers.TryGetValue(extension, out string? way))
        {
            throw new SelectionException($"'{Path.GetFileName(path)}': {extension} files are not written here. {Formats}", remedy: way);
        }
        return wanted ?? throw new SelectionException(
            extension.Length == 0
                ? $"'{Path.GetFileName(path)}' has no extension that says its format."
                : $"'{Path.GetFileName(path)}': no format has the extension '{extension}'.",
            remedy: $"{Formats} Other programs convert .onnx; for another name of the file give -Format.");
    }

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
        write(model.Items.Select(item =>
            KeyValuePair.Create(item.Name, half && item.Tensor.is_floating_point() ? item.Tensor.half() : item.Tensor)));
    }
}
