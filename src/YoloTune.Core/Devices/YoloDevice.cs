using System.Globalization;
using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Devices;

/// <summary>The devices of this machine, and how their names become devices of TorchSharp.</summary>
public static class YoloDevice
{
    /// <summary>The devices that this build can use: the cpu first, then every CUDA device when the build carries CUDA.</summary>
    /// <exception cref="DllNotFoundException">libtorch does not load on this system.</exception>
    public static IReadOnlyList<DeviceInfo> All()
    {
        NativeLibraries.Load();
        DeviceInfo cpu = new("cpu", ProcessorFeatures.Name, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, ProcessorFeatures.HasBFloat16,
            torch.get_num_threads());
        // Without the CUDA part of libtorch its question "is CUDA there?" must not be asked: TorchSharp would search for that part.
        return NativeLibraries.HasCuda && torch.cuda.is_available() ? [cpu, .. CudaDriver.Devices()] : [cpu];
    }

    /// <summary>Graphics cards that the driver shows but this build cannot use, because it carries the cpu backend only.</summary>
    public static IReadOnlyList<DeviceInfo> Unusable() => NativeLibraries.HasCuda ? [] : CudaDriver.Devices();

    /// <summary>Turns a name into a device of TorchSharp and checks that it is there.</summary>
    /// <param name="name">"cpu", "cuda" (the first), "cuda:1"; case does not matter. Null or empty is the cpu.</param>
    /// <exception cref="SelectionException">The name means nothing, or the machine or this build lacks that device.</exception>
    public static torch.Device Parse(string? name)
    {
        NativeLibraries.Load();
        if (string.IsNullOrWhiteSpace(name)) return torch.CPU;
        string[] parts = name.Trim().ToLowerInvariant().Split(':');
        switch (parts)
        {
            case ["cpu"]:
                return torch.CPU;
            case ["cuda"]:
                return Cuda(name, 0);
            case ["cuda", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index):
                return Cuda(name, index);
            default:
                throw new SelectionException($"'{name}' is not a device.", remedy: "Give cpu, cuda or cuda:0, cuda:1 and so on.");
        }
    }

    private static torch.Device Cuda(string name, int index)
    {
        if (!NativeLibraries.HasCuda)
        {
            throw new SelectionException($"There is no device '{name}': this build of YoloTune carries the cpu backend only.",
                remedy: "Use cpu, or build with -p:TorchBackend=cuda-linux or cuda-windows.");
        }
        int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (index >= count)
        {
            throw new SelectionException($"There is no device '{name}': {count} CUDA devices were found.",
                remedy: "Get-YoloDevice lists what there is.");
        }
        CardCheck.Require(index);
        Settle();
        return torch.device(DeviceType.CUDA, index);
    }

    /// <summary>
    /// TF32 as PyTorch has it, said aloud: in float32, convolutions on cards from compute capability 8.0 round their inputs to 10 bits of
    /// mantissa, which costs no measurable quality and is several times as fast; matrix products do not.
    /// </summary>
    internal static void Settle()
    {
        torch.backends.cudnn.allow_tf32 = true;
        torch.backends.cuda.matmul.allow_tf32 = false;
    }
}
