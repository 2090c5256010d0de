using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace YoloTune.Devices;

/// <summary>
/// Settings that native libraries read from the environment in the moment they are loaded. What a user has set stays as it is.
/// </summary>
internal static partial class NativeEnvironment
{
    // libiomp5md.dll carries Intel's Fortran runtime, whose handler ends the process on Ctrl+C before PowerShell hears of it.
    private const string FortranCtrlC = "FOR_DISABLE_CONSOLE_CTRL_HANDLER";

    // libtorch warns at every convolution on processors that its NNPACK does not know; NativeLog makes it read this.
    private const string TorchLog = "TORCH_CPP_LOG_LEVEL";

    // oneDNN 3.7 computes convolutions wrong on processors that report no caches, as some virtual machines show them: with AVX-512 about an
    // eighth of the shapes that networks have, forward or backward (mAP50 of yolo11n on coco128 was 0.560 instead of 0.678), with AVX2 and
    // AVX still some with an odd number of channels. With SSE4.1 all are right; float32 takes about 1.6 times as long as with AVX.
    private const string ConvolutionInstructions = "ONEDNN_MAX_CPU_ISA", SafeInstructions = "SSE41";

    /// <summary>Applies the settings. It has to happen before libtorch is loaded, which the use of any type that needs it may do.</summary>
#pragma warning disable CA2255 // The assembly is loaded into a context of the module's own and has no other place that comes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        if (OperatingSystem.IsWindows()) Set(FortranCtrlC, "1");
        Set(TorchLog, "ERROR");
        if (!ProcessorFeatures.ReportsCaches) Set(ConvolutionInstructions, SafeInstructions);
    }

    /// <summary>Gives native code a variable: as it is set in this process, else with this value.</summary>
    internal static void Set(string name, string value)
    {
        string wanted = Environment.GetEnvironmentVariable(name) ?? value;
        // .NET keeps a copy of the environment on Unix, and on Windows the C runtime keeps one: each has to be set.
        Environment.SetEnvironmentVariable(name, wanted);
        try
        {
            _ = OperatingSystem.IsWindows() ? SetInWindowsRuntime(name, wanted) : SetInUnixRuntime(name, wanted, 1);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Without it a library falls back to its own setting.
        }
    }

    /// <summary>A variable as the C runtime has it.</summary>
    internal static string? Get(string name) => OperatingSystem.IsWindows()
        ? Marshal.PtrToStringUni(GetFromWindowsRuntime(name))
        : Marshal.PtrToStringUTF8(GetFromUnixRuntime(name));

    [LibraryImport("ucrtbase", EntryPoint = "_wputenv_s", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetInWindowsRuntime(string name, string value);

    [LibraryImport("ucrtbase", EntryPoint = "_wgetenv", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetFromWindowsRuntime(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetInUnixRuntime(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetFromUnixRuntime(string name);
}
