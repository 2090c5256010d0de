using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Kernels;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>Chooses the number format of a run.</summary>
internal static class PrecisionChoice
{
    private const int FirstWithBFloat16 = 8;

    /// <summary>The format on a device; the automatic choice is bfloat16 where the device has it in hardware.</summary>
    /// <exception cref="TrainingException">float16 on a processor.</exception>
    public static TrainingPrecision Resolve(TrainingPrecision wanted, torch.Device device)
    {
        bool cuda = device.type == DeviceType.CUDA;
        if (wanted == TrainingPrecision.Float16 && !cuda)
        {
            throw new TrainingException(
                "float16 needs a CUDA device, and the model is on the cpu.",
                remedy: "Use -Precision BFloat16 or Float32, or move the model to cuda.");
        }
        if (wanted != TrainingPrecision.Auto) return wanted;
        if (!cuda) return ProcessorFeatures.HasBFloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32;
        DeviceInfo? card = YoloDevice.All().FirstOrDefault(info => info.Name == $"cuda:{device.index}");
        return card is { BFloat16: true } || Major(card) >= FirstWithBFloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float16;
    }

    /// <summary>The tensors' type.</summary>
    public static torch.ScalarType TypeOf(TrainingPrecision precision) => precision switch
    {
        TrainingPrecision.BFloat16 => torch.ScalarType.BFloat16,
        TrainingPrecision.Float16 => torch.ScalarType.Float16,
        _ => torch.ScalarType.Float32,
    };

    private static int Major(DeviceInfo? card) => int.TryParse(card?.ComputeCapability?.Split('.')[0], out int major) ? major : 0;
}
