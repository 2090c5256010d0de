using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;

namespace YoloTune.Inference;

/// <summary>
/// An .onnx file made ready for inference on the processor. Images are handed over without a copy; a file with a fixed number of images a
/// pass is run as often as needed, the last time filled up.
/// </summary>
internal sealed class OnnxInference : IInference
{
    private readonly OnnxModel model;
    private readonly string input;
    private readonly torch.ScalarType type;
    private readonly int? batch;

    /// <param name="model">The file; it stays open.</param>
    /// <param name="precision">Must leave the number format to the file.</param>
    /// <exception cref="SelectionException">Another number format than the file's own is asked for.</exception>
    /// <exception cref="ModelFormatException">The file takes images of an unknown number format.</exception>
    public OnnxInference(OnnxModel model, Precision precision)
    {
        if (precision is not (Precision.Auto or Precision.Float32))
        {
            throw new SelectionException($"the number format of '{model.Path}' is fixed, and {precision} was asked for.",
                remedy: "Leave -Precision out, or export the model with -Half.");
        }
        (this.model, batch, FixedSize) = (model, model.BatchSize, model.FixedSize);
        (input, Type element, _) = model.Input;
        type = element == typeof(float) ? torch.float32
            : element == typeof(Float16) ? torch.float16
            : throw new ModelFormatException($"its images are of type {element.Name}.", model.Path,
                remedy: "Export the model with images of float32 or float16.");
        Precision = model.ComputesInHalf || type == torch.float16 ? Precision.Float16 : Precision.Float32;
        ClassCount = model.ClassCount;
    }

    /// <inheritdoc/>
    public Precision Precision { get; }

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <inheritdoc/>
    public (int Height, int Width)? FixedSize { get; }

    /// <inheritdoc/>
    public torch.Tensor Prepare(torch.Tensor images) => images.to(torch.float32).div_(255).to(type);

    /// <inheritdoc/>
    public InferenceOutput Predict(torch.Tensor images)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<IReadOnlyList<torch.Tensor>> parts = [];
        long size = batch ?? images.shape[0];
        for (long start = 0; start < images.shape[0]; start += size)
        {
            long count = Math.Min(size, images.shape[0] - start);
            torch.Tensor part = images.narrow(0, start, count);
            if (count < size)
            {
                long[] missing = [size - count, .. images.shape[1..]];
                part = torch.cat([part, torch.zeros(missing, type)], 0);
            }
            parts.Add([.. Run(part).Select(output => output.narrow(0, 0, count))]);
        }
        return new(Joined(0)!.MoveToOuterDisposeScope(), Prototypes: Joined(1)?.MoveToOuterDisposeScope());

        torch.Tensor? Joined(int output) => output >= parts[0].Count ? null
            : parts.Count == 1 ? parts[0][output] : torch.cat([.. parts.Select(part => part[output])], 0);
    }

    /// <inheritdoc/>
    public PredictionLayout Layout => model.SelectsDetections ? PredictionLayout.Rows : PredictionLayout.Anchors;

    /// <inheritdoc/>
    public void Synchronize()
    {
    }

    /// <summary>The model belongs to the caller that opened it.</summary>
    public void Dispose()
    {
    }

    private unsafe torch.Tensor[] Run(torch.Tensor images)
    {
        using torch.Tensor contiguous = images.contiguous();
        TensorElementType element = type == torch.float16 ? TensorElementType.Float16 : TensorElementType.Float;
        try
        {
            Span<byte> bytes = contiguous.bytes;
            fixed (byte* start = bytes)
            {
                using OrtValue value = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, element, contiguous.shape, (nint)start, bytes.Length);
                using RunOptions options = new();
                using IDisposableReadOnlyCollection<OrtValue> outputs =
                    model.Session.Run(options, [input], [value], [.. model.Session.OutputMetadata.Keys]);
                return [.. outputs.Select(ToTensor)];
            }
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelFormatException(
                $"ONNX Runtime could not compute images [{string.Join(", ", contiguous.shape)}]: {error.Message}", model.Path,
                inner: error);
        }
    }

    private torch.Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        torch.ScalarType kind = info.ElementDataType switch
        {
            TensorElementType.Float => torch.float32,
            TensorElementType.Float16 => torch.float16,
            _ => throw new ModelFormatException($"its output is of type {info.ElementDataType}.", model.Path),
        };
        torch.Tensor tensor = torch.empty(info.Shape, kind);
        if (kind == torch.float32)
            value.GetTensorDataAsSpan<float>().CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.bytes));
        else value.GetTensorDataAsSpan<Float16>().CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Float16>(tensor.bytes));
        return tensor.to(torch.float32);
    }
}
