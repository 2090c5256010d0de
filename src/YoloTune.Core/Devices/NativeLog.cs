using System.Runtime.InteropServices;

namespace YoloTune.Devices;

/// <summary>
/// What libtorch writes to standard error. It has a level for that in TORCH_CPP_LOG_LEVEL, but only Python's part of it, which is not
/// here, has that variable read.
/// </summary>
internal static unsafe class NativeLog
{
    // void c10::initLogging(), as the compilers of Windows and of the other systems write the name.
    private const string WindowsName = "?initLogging@c10@@YAXXZ", UnixName = "_ZN3c1011initLoggingEv";

    /// <summary>Has libtorch read its level from the environment; where it has no such function, it keeps its own level.</summary>
    /// <param name="folder">The folder that libtorch was loaded from.</param>
    public static void ReadLevel(string folder)
    {
        if (!NativeLibrary.TryLoad(Path.Combine(folder, NativeLibraries.FileName("c10")), out nint library)) return;
        if (NativeLibrary.TryGetExport(library, OperatingSystem.IsWindows() ? WindowsName : UnixName, out nint read))
            ((delegate* unmanaged<void>)read)();
    }
}
