using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;

namespace YoloTune.Inference;

/// <summary>
/// A detector in an .onnx file: one of ours, or another with the same layout of output and metadata. The file is opened, and ONNX Runtime
/// loaded, when it is first asked for something.
/// </summary>
/// <param name="path">The file.</param>
public sealed class OnnxModel(string path) : IYoloDetector, IDisposable
{
    private const int DefaultStride = 32;
    private readonly Lazy<InferenceSession> session = new(() => Load(path));

    /// <summary>The file, a full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The file's name without its extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <inheritdoc/>
    public NetworkTask Task => NetworkTask.Find(Metadata.GetValueOrDefault(OnnxMetadata.Task) ?? "") ?? NetworkTask.Default;

    /// <summary>The classes the file names; a file that names none has class_0, class_1 ...</summary>
    /// <exception cref="ModelFormatException">The file cannot be read, or neither names classes nor tells how many there are.</exception>
    public IReadOnlyList<string> ClassNames => names ??= ReadNames();

    /// <inheritdoc/>
    public int ClassCount => ClassNames.Count;

    /// <inheritdoc/>
    public int Stride => Math.Max(Integer(OnnxMetadata.Stride) ?? DefaultStride, Task.LeastSizeStep);

    /// <inheritdoc/>
    public HeadShape? Shape =>
        PythonLiteral.Evaluate(Metadata.GetValueOrDefault(OnnxMetadata.KeypointShape) ?? "") is List<object?> and [long count, long values]
            ? HeadShape.Keypoints((int)count, (int)values)
            : null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> KeypointNames =>
        KeypointNameTable.Parse(Metadata.GetValueOrDefault(OnnxMetadata.KeypointNames));

    /// <summary>Images a pass takes; null for any number.</summary>
    public int? BatchSize => Input.Shape[0] > 0 ? Input.Shape[0] : null;

    /// <summary>Rows and columns that images must have; null where any multiple of the stride will do.</summary>
    public (int Height, int Width)? FixedSize => Input.Shape[2] > 0 && Input.Shape[3] > 0 ? (Input.Shape[2], Input.Shape[3]) : null;

    /// <summary>The longer side of the images the file was made for, in pixels.</summary>
    public int ImageSize => FixedSize is var (height, width) ? Math.Max(height, width)
        : ImageSizes.Recorded(PythonLiteral.Evaluate(Metadata.GetValueOrDefault(OnnxMetadata.ImageSize) ?? "")) ?? Task.DefaultImageSize;

    /// <summary>Whether its metadata say that weights and arithmetic are float16.</summary>
    public bool ComputesInHalf =>
        (Metadata.GetValueOrDefault(OnnxMetadata.Arguments) ?? "").Contains("'half': True", StringComparison.Ordinal);

    /// <summary>
    /// Whether the rows of the output are chosen detections: of an end-to-end model, or of a file that suppresses boxes itself.
    /// </summary>
    public bool SelectsDetections =>
        Metadata.GetValueOrDefault(OnnxMetadata.EndToEnd) == "True"
        || (Metadata.GetValueOrDefault(OnnxMetadata.Arguments) ?? "").Contains("'nms': True", StringComparison.Ordinal)
        || (OutputShape is [_, _, 6] && !Metadata.ContainsKey(OnnxMetadata.Names));

    internal InferenceSession Session => session.Value;

    /// <summary>Name, type and shape of the images; a size that is left open is -1.</summary>
    internal (string Name, Type Type, int[] Shape) Input
    {
        get
        {
            (string name, NodeMetadata input) = Session.InputMetadata.First();
            if (Session.InputMetadata.Count == 1 && input.Dimensions is [_, 3 or -1, _, _])
                return (name, input.ElementType, input.Dimensions);
            throw new ModelFormatException("its input is not one batch of RGB images [N, 3, H, W].", Path,
                remedy: "Give the .onnx of a YOLO model.");
        }
    }

    private IReadOnlyDictionary<string, string> Metadata => Session.ModelMetadata.CustomMetadataMap;

    private int[] OutputShape => Session.OutputMetadata.First().Value.Dimensions;

    private IReadOnlyList<string>? names;

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (session.IsValueCreated) session.Value.Dispose();
    }

    /// <summary>Such as "rbc.onnx (3 classes)".</summary>
    public override string ToString() => $"{System.IO.Path.GetFileName(Path)} ({ClassCount} {(ClassCount == 1 ? "class" : "classes")})";

    private static InferenceSession Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"'{path}' is not there.", path);
        try
        {
            // Official builds for Windows report usage otherwise.
            OrtEnv.Instance().DisableTelemetryEvents();
            using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelFormatException("ONNX Runtime cannot read the file: " + error.Message, path,
                remedy: "Give an .onnx file, such as one of Export-YoloModel -Format Onnx.", inner: error);
        }
        catch (TypeInitializationException error) when (error.InnerException is DllNotFoundException missing)
        {
            throw new DllNotFoundException(missing.Message, missing);
        }
    }

    private IReadOnlyList<string> ReadNames()
    {
        if (Metadata.TryGetValue(OnnxMetadata.Names, out string? literal)) return ClassNameLiteral.Parse(literal, Path);
        if (OutputShape is [_, > 4 and var rows, _] && !SelectsDetections)
            return [.. Enumerable.Range(0, rows - 4).Select(id => string.Create(CultureInfo.InvariantCulture, $"class_{id}"))];
        if (!Task.PredictsObjects && OutputShape is [_, > 0 and var classes])
            return [.. Enumerable.Range(0, classes).Select(id => string.Create(CultureInfo.InvariantCulture, $"class_{id}"))];
        throw new ModelFormatException("the file names no classes and does not tell how many there are.", Path,
            remedy: "Give a file with the metadata property 'names', as Export-YoloModel and Ultralytics write it.");
    }

    private int? Integer(string name) =>
        double.TryParse(Metadata.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number is > 0 and <= 1024
            ? (int)number
            : null;
}
