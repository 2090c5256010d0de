namespace YoloTune.Files.Torch;

/// <summary>
/// What a checkpoint may cost to read. Each limit is many times what the largest real checkpoint needs, and small enough that a file
/// made to exhaust memory or time is refused first.
/// </summary>
internal sealed record PickleLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static PickleLimits Default { get; } = new();

    /// <summary>Opcodes of one pickle. yolo11n.pt has 70 thousand; with an optimiser's state four times that.</summary>
    public int MaxOpcodes { get; init; } = 4_000_000;

    /// <summary>Entries of the memo.</summary>
    public int MaxMemo { get; init; } = 1_000_000;

    /// <summary>Containers inside containers, and open marks. A module tree nests some 40 deep.</summary>
    public int MaxDepth { get; init; } = 400;

    /// <summary>Bytes of one string or byte string.</summary>
    public int MaxStringBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of one dictionary key: hashing a long key again and again is the cheapest way to waste time.</summary>
    public int MaxKeyLength { get; init; } = 4096;

    /// <summary>Bytes of one integer; Python's own are written in decimal here, which is quadratic in the length.</summary>
    public int MaxIntegerBytes { get; init; } = 512;

    /// <summary>Bytes of the whole pickle, and, apart from that, of everything made by evaluating its known calls.</summary>
    public long MaxTotalBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Records of a zip archive.</summary>
    public int MaxRecords { get; init; } = 500_000;

    /// <summary>Modules visited in the module tree.</summary>
    public int MaxModules { get; init; } = 100_000;

    /// <summary>Levels of the module tree.</summary>
    public int MaxModuleDepth { get; init; } = 64;

    /// <summary>Values taken over from the checkpoint's settings (model YAML, arguments, module attributes, results).</summary>
    public int MaxPlainValues { get; init; } = 2_000_000;

    /// <summary>
    /// Bytes of tensors that may be made for each byte of the file: tensors share storages and repeat elements by stride 0, so a small
    /// file can ask for any amount.
    /// </summary>
    public int MaxTensorBytesPerFileByte { get; init; } = 4;

    /// <summary>Bytes of tensors that may be made whatever the size of the file.</summary>
    public long MinTensorBytes { get; init; } = 64L * 1024 * 1024;
}
