using System.Runtime.InteropServices;

namespace YoloTune.Devices;

/// <summary>
/// Settles how glibc, the C library of most Linux systems, holds the memory of tensors. A block above its threshold gets pages of its own,
/// which the system has to clear each time: a tenth of a training step. Below it, blocks are used again, but a heap that shrinks after
/// every free block at its end has to be cleared again, too. So the threshold is the highest that glibc allows, and the heap keeps its end.
/// </summary>
internal static class HostAllocator
{
    private const string OwnSetting = "MALLOC_MMAP_THRESHOLD_";
    private const int MapThreshold = -3, TrimThreshold = -1;
    private const int MappedBytes = 32 << 20, KeptBytes = int.MaxValue;

    /// <summary>Fixes the thresholds, where the C library is glibc and it was not set before.</summary>
    public static void Settle()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(OwnSetting) is not null) return;
        try
        {
            _ = SetOption(MapThreshold, MappedBytes);
            _ = SetOption(TrimThreshold, KeptBytes);
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
