using System.Runtime.InteropServices;
using System.Text;

namespace YoloTune.Devices;

/// <summary>The few calls of NVIDIA's driver that describe its devices; TorchSharp has no way to ask for their names and memory.</summary>
internal static unsafe class CudaDriver
{
    // CUdevice_attribute of the driver interface.
    private const int ComputeCapabilityMajor = 75, ComputeCapabilityMinor = 76;

    /// <summary>All devices the driver shows, in its order; none where there is no driver.</summary>
    public static IReadOnlyList<DeviceInfo> Devices()
    {
        string name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (OperatingSystem.IsMacOS() || !NativeLibrary.TryLoad(name, out nint driver)) return [];
        try
        {
            return Describe(driver);
        }
        catch (EntryPointNotFoundException)
        {
            return [];
        }
    }

    private static List<DeviceInfo> Describe(nint driver)
    {
        var initialise = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var getCount = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDeviceGetCount");
        var getDevice = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
        var getName = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
        var getMemory = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceTotalMem_v2");
        var getAttribute = (delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetAttribute");

        List<DeviceInfo> devices = [];
        int count = 0;
        if (initialise(0) != 0 || getCount(&count) != 0) return devices;
        byte* text = stackalloc byte[256];
        for (int index = 0; index < count; index++)
        {
            int device, major = 0, minor = 0;
            nuint memory = 0;
            bool known = getDevice(&device, index) == 0 && getName(text, 256, device) == 0 && getMemory(&memory, device) == 0
                && getAttribute(&major, ComputeCapabilityMajor, device) == 0 && getAttribute(&minor, ComputeCapabilityMinor, device) == 0;
            if (!known) continue;
            string description = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
            devices.Add(DeviceInfo.Card(index, description, (long)memory, major, minor));
        }
        return devices;
    }
}
