using System.Runtime.InteropServices;

namespace YoloTune.Runtime;

/// <summary>
/// Keeps glibc, the C library of most Linux systems, from holding on to the memory of tensors. Its threshold for giving a block pages of its own rises to 32 MB by itself;
/// below it, the holes that maps of all sizes leave behind make the heap grow from step to step and stay. With the threshold fixed, a training
/// process of yolo11n at 640 px keeps half as much between steps, at the same speed; much lower ones cost page faults.
/// </summary>
internal static class HostAllocator
{
    private const string OwnSetting = "MALLOC_MMAP_THRESHOLD_";
    private const int MapThreshold = -3, Bytes = 8 << 20;

    /// <summary>Fixes the threshold, where the C library is glibc and nobody has set it already.</summary>
    public static void Settle()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(OwnSetting) is not null) return;
        try
        {
            _ = SetOption(MapThreshold, Bytes);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library has another allocator, which needs no such help.
        }
    }

    /// <summary>
    /// Gives pages that hold nothing back to the system. glibc keeps what each thread has freed for that thread; data threads, autograd
    /// and validation free tensors of one another, so that a run would seem to grow for many epochs.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = TrimHeaps(0);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library has another allocator, which needs no such help.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimHeaps(nuint kept);
}
