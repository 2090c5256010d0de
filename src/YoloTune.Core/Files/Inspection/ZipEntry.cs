namespace YoloTune.Files.Inspection;

/// <summary>An entry of a zip archive's directory, as it is written there.</summary>
internal sealed record ZipEntry
{
    public required string Name { get; init; }

    /// <summary>Whether the name's bytes are UTF-8.</summary>
    public required bool IsNameValid { get; init; }

    public required int MadeBy { get; init; }

    public required int Needed { get; init; }

    public required int Flags { get; init; }

    public required int Method { get; init; }

    public required uint Time { get; init; }

    public required uint Crc { get; init; }

    public required long Packed { get; init; }

    public required long Length { get; init; }

    public required int Internal { get; init; }

    public required uint External { get; init; }

    public required long Header { get; init; }

    /// <summary>Where the content begins and how many bytes it takes in the file; negative where it cannot be found.</summary>
    public long Begin { get; set; } = -1;
}
