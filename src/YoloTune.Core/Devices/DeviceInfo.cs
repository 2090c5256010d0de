namespace YoloTune.Devices;

/// <summary>A device that can train and predict.</summary>
/// <param name="Name">What a -Device parameter takes: "cpu", "cuda:0".</param>
/// <param name="Description">The processor's or graphics card's own name.</param>
/// <param name="TotalMemory">Bytes of memory: of the machine, or of its container's limit, for the cpu; of the card for CUDA.</param>
/// <param name="BFloat16">Whether the device has bfloat16 instructions; without them bfloat16 works, but slower than float32.</param>
/// <param name="Threads">Threads that one operation uses; null for CUDA.</param>
/// <param name="ComputeCapability">"9.0"; null for the cpu.</param>
public sealed record DeviceInfo(
    string Name, string Description, long TotalMemory, bool BFloat16, int? Threads = null, string? ComputeCapability = null)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
