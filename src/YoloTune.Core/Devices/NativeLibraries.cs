using System.Runtime.InteropServices;

namespace YoloTune.Devices;

/// <summary>
/// Loads libtorch before TorchSharp looks for it. TorchSharp's own search tries several places and, when all fail, copies libraries into
/// a folder of its own; a second copy of libtorch in one process aborts it. What is loaded here first, from one path, is what TorchSharp
/// then finds.
/// </summary>
public static class NativeLibraries
{
    private const string VisualRuntimeAddress = "https://aka.ms/vs/17/release/vc_redist.x64.exe";

    // What libtorch for Windows is linked against and does not bring along.
    private static readonly string[] VisualRuntime = ["msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"];

    private static readonly Lazy<string> Loaded = new(LoadOnce);

    /// <summary>The folder that libtorch lies in: runtimes/&lt;rid&gt;/native beside the engine, or the engine's own folder.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>True when the libtorch of this build has its CUDA part.</summary>
    public static bool HasCuda => File.Exists(Path.Combine(Folder, FileName("torch_cuda")));

    /// <summary>Loads the native part of TorchSharp and with it libtorch. Every call after the first costs nothing.</summary>
    /// <returns>The full path of the library that was loaded.</returns>
    /// <exception cref="DllNotFoundException">The library or one that it needs is not there or does not fit this system.</exception>
    public static string Load() => Loaded.Value;

    /// <summary>The error to show when an exception says that libtorch could not be loaded; null for any other exception.</summary>
    public static DllNotFoundException? FailureBehind(Exception error)
    {
        // TorchSharp searches for itself; what it says of that is long and does not name the cause.
        if (!Chain(error).Any(part => part is DllNotFoundException or BadImageFormatException or TypeInitializationException
            || part.TargetSite?.Module.Assembly == typeof(TorchSharp.torch).Assembly)) return null;
        try
        {
            Load();
            return null;
        }
        catch (DllNotFoundException failure)
        {
            return failure;
        }
    }

    /// <summary>Why a library did not load, with the remedy.</summary>
    /// <param name="path">The library.</param>
    /// <param name="reason">What the system said.</param>
    /// <param name="windows">Whether this is Windows.</param>
    /// <param name="loads">Whether a library of the system loads.</param>
    internal static string Explain(string path, string reason, bool windows, Func<string, bool> loads)
    {
        string[] missing = windows ? [.. VisualRuntime.Where(name => !loads(name))] : [];
        if (missing.Length > 0)
        {
            return $"'{path}' needs the Microsoft Visual C++ runtime, of which this machine lacks {string.Join(", ", missing)}. "
                + $"Install it from {VisualRuntimeAddress} and start a new PowerShell session.";
        }
        string advice = windows
            ? $"Install the current Microsoft Visual C++ runtime from {VisualRuntimeAddress}, and start a new PowerShell session."
            : "Check that its dependencies are installed (ldd or otool -L names them).";
        return $"'{path}' cannot be loaded: {reason.Trim()} {advice}";
    }

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
        NativeEnvironment.Prepare();
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException(Explain(path, error.Message, OperatingSystem.IsWindows(), Loads), error);
        }
        NativeLog.ReadLevel(Folder);
        return path;
    }

    private static bool Loads(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint library)) return false;
        NativeLibrary.Free(library);
        return true;
    }

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error;
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
