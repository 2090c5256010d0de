using System.Runtime.InteropServices;

namespace YoloTune.Devices;

/// <summary>
/// Loads libtorch before TorchSharp looks for it. TorchSharp's own search tries several places and, when all fail, copies libraries into
/// a folder of its own; a second copy of libtorch in one process aborts it. What is loaded here first, from one path, is what TorchSharp
/// then finds.
/// </summary>
public static class NativeLibraries
{
    private static readonly Lazy<string> Loaded = new(LoadOnce);

    /// <summary>The folder that libtorch lies in: runtimes/&lt;rid&gt;/native beside the engine, or the engine's own folder.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>True when the libtorch of this build has its CUDA part.</summary>
    public static bool HasCuda => File.Exists(Path.Combine(Folder, FileName("torch_cuda")));

    /// <summary>Loads the native part of TorchSharp and with it libtorch. Every call after the first costs nothing.</summary>
    /// <returns>The full path of the library that was loaded.</returns>
    /// <exception cref="DllNotFoundException">The library or one that it needs is not there or does not fit this system.</exception>
    public static string Load() => Loaded.Value;

    /// <summary>"torch_cpu" as a file name of this platform.</summary>
    internal static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static string LoadOnce()
    {
        string path = Path.Combine(Folder, FileName("LibTorchSharp"));
        if (!File.Exists(path))
        {
            throw new DllNotFoundException(
                $"'{path}' is not there. YoloTune runs on x64 Windows and Linux and on Apple silicon; build it again on this system.");
        }
        HostAllocator.Settle();
        NativeLibrary.Load(path);
        return path;
    }

    private static string FindFolder()
    {
        string home = Path.GetDirectoryName(typeof(NativeLibraries).Assembly.Location) is { Length: > 0 } location
            ? location
            : AppContext.BaseDirectory;
        string rid = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";
        string native = Path.Combine(home, "runtimes", rid, "native");
        return Directory.Exists(native) ? native : home;
    }
}
