using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Files.Torch;
using YoloTune.Networks;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Everything YoloTune takes from a model file, as plain data. Dictionaries keep the order of the file and hold null, bool, long, double,
/// string, lists and dictionaries. Disposing it disposes the tensors of <see cref="Items"/>.
/// </summary>
public sealed class CheckpointContent : IDisposable
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required CheckpointKind Kind { get; init; }

    /// <summary>The state dict: parameters and buffers in the order of the module tree or file, in their stored types.</summary>
    public required IReadOnlyList<CheckpointItem> Items { get; init; }

    /// <summary>The class of the model, "DetectionModel", or null where the file has no module tree.</summary>
    public string? ModelClass { get; init; }

    /// <summary>
    /// The model's definition as stored, with <c>scale</c>, <c>nc</c>, <c>backbone</c> and <c>head</c>; null where the file has none.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? ModelYaml { get; init; }

    /// <summary>The classes in order; empty where the file names none.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The task, or null where the file does not tell.</summary>
    public NetworkTask? Task { get; init; }

    /// <summary>The strides of the head's levels in pixels; empty where the file does not tell.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [];

    /// <summary>The number of classes, or null where the file does not tell.</summary>
    public int? ClassCount { get; init; }

    /// <summary>Keypoints and values per keypoint of a pose model, or null.</summary>
    public IReadOnlyList<int>? KeypointShape { get; init; }

    /// <summary>The training arguments: those of the model overlaid by the checkpoint's <c>train_args</c>.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; init; } = new Dictionary<string, object?>();

    /// <summary>
    /// The other entries of the file: epoch, best_fitness, date, version, train_metrics, train_results, git and the like.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Extras { get; init; } = new Dictionary<string, object?>();

    /// <summary>
    /// The metadata of a safetensors file, or of the record <c>yolotune.json</c> of a .pt; see <see cref="CheckpointMetadata"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The modules of the tree, the model itself first, each before its children; empty where the file has no tree.</summary>
    public IReadOnlyList<ModuleFacts> Modules { get; init; } = [];

    /// <summary>True where the weights are the moving average (<c>ema</c>) of an unfinished training.</summary>
    public bool IsAverage { get; init; }

    /// <summary>True where the file carries the state of an optimiser, that is, an unfinished training.</summary>
    public bool HasOptimizer { get; init; }

    /// <summary>What the user should know of how the file was read: a prefix that was taken off the names.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The module at a path such as "model.9.cv1", or null.</summary>
    public ModuleFacts? Module(string path) => Modules.FirstOrDefault(module => module.Path == path);

    /// <summary>The names of the items that hold NaN or infinity. It reads every weight once, so ask it once.</summary>
    public IReadOnlyList<string> NonFiniteItems()
    {
        List<string> names = [];
        foreach (CheckpointItem item in Items)
        {
            bool isFinite = true;
            TensorBytes.Use(item.Tensor, bytes => isFinite = AreFinite(bytes, item.Tensor.dtype));
            if (!isFinite) names.Add(item.Name);
        }
        return names;
    }

    /// <summary>Floating-point numbers are NaN or infinite where every bit of their exponent is set.</summary>
    private static bool AreFinite(ReadOnlySpan<byte> bytes, torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float16 => HaveNoFullExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7c00),
        torch.ScalarType.BFloat16 => HaveNoFullExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7f80),
        torch.ScalarType.Float32 => HaveNoFullExponent(MemoryMarshal.Cast<byte, uint>(bytes), 0x7f800000u),
        torch.ScalarType.Float64 => HaveNoFullExponent(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7ff0000000000000ul),
        _ => true,
    };

    private static bool HaveNoFullExponent<T>(ReadOnlySpan<T> numbers, T exponent)
        where T : struct, IBinaryInteger<T>
    {
        Vector<T> exponents = new(exponent);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(numbers);
        foreach (Vector<T> vector in vectors)
        {
            if (Vector.EqualsAny(vector & exponents, exponents)) return false;
        }
        foreach (T number in numbers[(vectors.Length * Vector<T>.Count)..])
        {
            if ((number & exponent) == exponent) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CheckpointItem item in Items) item.Tensor.Dispose();
    }
}
