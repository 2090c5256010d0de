using System.Runtime.InteropServices;

namespace YoloTune.Runtime;

/// <summary>
/// Settings of the C library's heap on Linux with glibc, where libtorch takes its memory from. Elsewhere nothing is done.
/// </summary>
/// <remarks>
/// glibc gives every thread a heap of its own and keeps what each has freed. Data threads, autograd and validation make and free tensors
/// for one another, so a training process grew by 15 MB an epoch until all those heaps had seen the largest batch. With one heap it stays
/// level; the lock on it is never contended long enough to be measured, for tensors are few and large.
/// </remarks>
internal static unsafe class NativeHeap
{
    // Parameters of mallopt(3), and the environment variable by which a user sets each.
    private const int ArenaMax = -8;
    private const string ArenaVariable = "MALLOC_ARENA_MAX";

    /// <summary>Limits the number of heaps, unless the user has done so.</summary>
    public static void Configure()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(ArenaVariable) is not null) return;
        if (!NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "mallopt", out nint mallopt)) return;
        _ = ((delegate* unmanaged<int, int, int>)mallopt)(ArenaMax, 1);
    }
}
