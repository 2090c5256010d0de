using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace YoloTune.Tests.Export;

/// <summary>Runs an .onnx file in ONNX Runtime.</summary>
internal static class OnnxRun
{
    /// <summary>The outputs of a file for images [N, 3, H, W], by name; the tensors belong to the caller's dispose scope.</summary>
    public static IReadOnlyDictionary<string, torch.Tensor> Outputs(string path, torch.Tensor images)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using InferenceSession session = new(path, options);
        int[] shape = [.. images.shape.Select(size => (int)size)];
        DenseTensor<float> input = new(images.contiguous().data<float>().ToArray(), shape);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("images", input)]);
        return results.ToDictionary(result => result.Name, result =>
        {
            var values = result.AsTensor<float>();
            return torch.tensor(values.ToArray(), [.. values.Dimensions.ToArray().Select(size => (long)size)]);
        });
    }
}
