using System.Runtime.InteropServices;

namespace YoloTune.Runtime;

/// <summary>The C library's heap on Linux with glibc, where libtorch takes its memory from. Elsewhere nothing is done.</summary>
internal static unsafe class NativeHeap
{
    /// <summary>
    /// Gives pages that hold nothing back to the system. glibc keeps what each thread has freed for that thread; data threads, autograd
    /// and validation free tensors of one another, so that a run would seem to grow for many epochs.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library)) return;
        if (NativeLibrary.TryGetExport(library, "malloc_trim", out nint trim)) _ = ((delegate* unmanaged<nuint, int>)trim)(0);
    }
}
