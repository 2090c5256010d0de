namespace YoloTune.Files.Inspection;

/// <summary>Something in a model file that has no place in one.</summary>
/// <param name="Position">Where it stands: "data.pkl, byte 120", "record a/data/7" or "tensor model.0.conv.weight".</param>
/// <param name="Kind">
/// The opcode of the pickle or the field of the ONNX file that does it ("REDUCE", "external_data"), or what is wrong with the container
/// ("crc", "record", "trailing").
/// </param>
/// <param name="Name">The function, class, operator, record or file concerned; empty where it has no name.</param>
/// <param name="Reason">What is wrong with it, as a sentence.</param>
public sealed record CheckpointFinding(string Position, string Kind, string Name, string Reason)
{
    /// <summary>What the finding makes of the file: Unsafe, or only Suspicious.</summary>
    public CheckpointVerdict Verdict { get; init; } = CheckpointVerdict.Unsafe;

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? $"{Position}: {Reason}" : $"{Name}: {Reason}";
}
