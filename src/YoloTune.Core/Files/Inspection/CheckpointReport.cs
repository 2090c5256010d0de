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

    /// <summary>Whether it is data and nothing else. Findings outweigh a problem.</summary>
    public CheckpointVerdict Verdict => Findings.Count > 0 ? CheckpointVerdict.Unsafe
        : Problem is not null ? CheckpointVerdict.Unreadable : CheckpointVerdict.Safe;

    /// <summary>What would run code in other programs, or reach outside the file; of many the first 10,000.</summary>
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

    /// <summary>The elements of all tensors.</summary>
    public long Elements => Tensors.Aggregate(0L, (sum, tensor) => sum > long.MaxValue - tensor.Elements ? long.MaxValue : sum + tensor.Elements);

    /// <summary>Such as "yolo11n.pt: Safe, 499 tensors".</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Verdict}, {Tensors.Count} tensors");
}
