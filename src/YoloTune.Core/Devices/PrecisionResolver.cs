using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Devices;

/// <summary>Chooses the number format on a device, for training and for inference alike.</summary>
internal static class PrecisionResolver
{
    /// <summary>What to do where <see cref="Obstacle"/> gives a reason.</summary>
    public const string Remedy = "Use -Precision BFloat16 or Float32, or move the model to cuda.";

    /// <summary>Why a device cannot compute in a format, as a sentence, or null.</summary>
    public static string? Obstacle(Precision wanted, torch.Device device) =>
        wanted == Precision.Float16 && device.type != DeviceType.CUDA ? "Float16 needs a CUDA device, and the model is on the cpu." : null;

    /// <summary>The format on a device; Auto is bfloat16 where the device has it in hardware.</summary>
    /// <exception cref="SelectionException">The device cannot compute in the format.</exception>
    public static Precision Resolve(Precision wanted, torch.Device device)
    {
        if (Obstacle(wanted, device) is { } obstacle) throw new SelectionException(obstacle, remedy: Remedy);
        return wanted == Precision.Auto ? Fastest(device) : wanted;
    }

    /// <summary>The type of tensors in a resolved format.</summary>
    public static torch.ScalarType TypeOf(Precision precision) => precision switch
    {
        Precision.Float32 => torch.ScalarType.Float32,
        Precision.BFloat16 => torch.ScalarType.BFloat16,
        Precision.Float16 => torch.ScalarType.Float16,
        _ => throw new ArgumentException($"{precision} has to be resolved for a device first.", nameof(precision)),
    };

    /// <summary>
    /// The format that a graphics card has in hardware: bfloat16 from compute capability 8.0, float16 with loss scaling on the cards before
    /// it that have tensor cores, else float32.
    /// </summary>
    internal static Precision Fastest(DeviceInfo? card) => card switch
    {
        { BFloat16: true } => Precision.BFloat16,
        { Float16: true } => Precision.Float16,
        _ => Precision.Float32,
    };

    private static Precision Fastest(torch.Device device) => device.type == DeviceType.CUDA
        ? Fastest(YoloDevice.All().FirstOrDefault(info => info.Name == $"cuda:{device.index}"))
        : ProcessorFeatures.HasBFloat16 ? Precision.BFloat16 : Precision.Float32;
}
