using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>What a model file contains, found without making a model, a tensor or anything else of it.</summary>
public sealed record CheckpointReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The file's name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>How it is laid out.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>
    /// Whether it is data and nothing else. What would run outweighs a problem, and a problem outweighs what is only suspicious.
    /// </summary>
    public CheckpointVerdict Verdict => Findings.Any(finding => finding.Verdict == CheckpointVerdict.Unsafe) ? CheckpointVerdict.Unsafe
        : Problem is not null ? CheckpointVerdict.Unreadable
        : Findings.Count > 0 ? CheckpointVerdict.Suspicious : CheckpointVerdict.Safe;

    /// <summary>
    /// What would run code in other programs or reach outside the file, and what in the file is not accounted for; of many the first
    /// 10,000.
    /// </summary>
    public required IReadOnlyList<CheckpointFinding> Findings { get; init; }

    /// <summary>Why the file could not be read to its end, with the place; null where it could.</summary>
    public string? Problem { get; init; }

    /// <summary>The classes and functions of the pickle, or the operators of the graph, in the order of their first occurrence.</summary>
    public required IReadOnlyList<CheckpointGlobal> Globals { get; init; }

    /// <summary>The tensors in the order of the file.</summary>
    public required IReadOnlyList<CheckpointTensor> Tensors { get; init; }

    /// <summary>How often each opcode of the pickle occurs, by name; empty for other formats.</summary>
    public IReadOnlyDictionary<string, int> Opcodes { get; init; } = new Dictionary<string, int>();

    /// <summary>The names of the records of a zip archive; empty for other formats.</summary>
    public IReadOnlyList<string> Records { get; init; } = Array.Empty<string>();

    /// <summary>The texts a safetensors or .onnx file carries beside its tensors, or those of the record yolotune.json of a .pt.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The task of the model, such as "detect"; null where the file does not tell.</summary>
    public string? Task { get; init; }

    /// <summary>The architecture, such as "yolo11n"; null where the file does not tell.</summary>
    public string? Architecture { get; init; }

    /// <summary>The classes in order; empty where the file names none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = Array.Empty<string>();

    /// <summary>The side of the images in pixels that it was trained or exported for; null where the file does not tell.</summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// Bytes that no checksum in the file covers, so that a change of them cannot be seen: none in a zip archive of torch and in files that
    /// YoloTune wrote, all of a pickle, of a file before torch 1.6, of an .onnx file, and of a .safetensors of another program.
    /// </summary>
    public long UncheckedBytes { get; init; }

    /// <summary>The elements of all tensors.</summary>
    public long Elements =>
        Tensors.Aggregate(0L, (sum, tensor) => sum > long.MaxValue - tensor.Elements ? long.MaxValue : sum + tensor.Elements);

    /// <summary>Such as "yolo11n.pt: Safe, 499 tensors".</summary>
    public override string ToString() => $"{Name}: {Verdict}, {Counted.Of(Tensors.Count, "tensor")}";
}
