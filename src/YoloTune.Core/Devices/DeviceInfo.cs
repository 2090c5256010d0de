namespace YoloTune.Devices;

/// <summary>A device that can train and predict.</summary>
/// <param name="Name">What a -Device parameter takes: "cpu", "cuda:0".</param>
/// <param name="Description">The processor's or graphics card's own name.</param>
/// <param name="TotalMemory">Bytes of memory: of the machine, or of its container's limit, for the cpu; of the card for CUDA.</param>
/// <param name="BFloat16">Whether the device has bfloat16 instructions; without them bfloat16 works, but slower than float32.</param>
/// <param name="Threads">Threads that one operation uses; null for CUDA.</param>
/// <param name="ComputeCapability">"9.0"; null for the cpu.</param>
/// <param name="Float16">Whether half precision is faster than single on the device and as safe in training.</param>
public sealed record DeviceInfo(
    string Name, string Description, long TotalMemory, bool BFloat16, int? Threads = null, string? ComputeCapability = null,
    bool Float16 = false)
{
    // bfloat16 arithmetic came with compute capability 8.0 (Ampere), fast float16 with 7.0 (Volta).
    private const int BFloat16Capability = 8, Float16Capability = 7;

    // Turing cards of 7.5 without tensor cores: convolutions in float16 are known to give values that are not numbers there.
    private static readonly string[] WithoutTensorCores = ["GTX 16", "MX4", "MX5", "T400", "T500", "T600", "T1000", "T1200", "T550"];

    /// <summary>A graphics card: what it computes in follows from its compute capability and its name.</summary>
    internal static DeviceInfo Card(int index, string description, long totalMemory, int major, int minor) => new(
        FormattableString.Invariant($"cuda:{index}"), description, totalMemory, major >= BFloat16Capability,
        ComputeCapability: FormattableString.Invariant($"{major}.{minor}"),
        Float16: major >= Float16Capability && !WithoutTensorCores.Any(name => description.Contains(name, StringComparison.Ordinal)));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
