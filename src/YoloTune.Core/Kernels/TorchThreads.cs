using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using YoloTune.Devices;

namespace YoloTune.Kernels;

/// <summary>
/// Work in parallel on the threads that libtorch itself uses. Between two operations those threads wait busily for the next one: on any
/// other threads, work would share the processors with them. On Linux they belong to the GNU OpenMP runtime that comes with libtorch;
/// where that is not found, threads of .NET do the work.
/// </summary>
internal static unsafe class TorchThreads
{
    private const string Runtime = "libgomp*.so*";

    // void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags), libgomp's manual, "Implementing PARALLEL".
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Fork = FindFork();

    /// <summary>Calls the body once for each number below <paramref name="parts"/>, on at most so many threads.</summary>
    public static void ForEach(int parts, int threads, Action<int> body)
    {
        if (parts == 1 || threads == 1)
        {
            for (int part = 0; part < parts; part++) body(part);
        }
        else if (Fork is null)
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
        }
        else
        {
            Job job = new(parts, body);
            GCHandle handle = GCHandle.Alloc(job);
            try
            {
                Fork(&Work, (void*)GCHandle.ToIntPtr(handle), (uint)Math.Min(parts, threads), 0);
            }
            finally
            {
                handle.Free();
            }
            job.Error?.Throw();
        }
    }

    [UnmanagedCallersOnly]
    private static void Work(void* job) => Unsafe.As<Job>(GCHandle.FromIntPtr((nint)job).Target!).Work();

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> FindFork()
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (string path in Directory.EnumerateFiles(NativeLibraries.Folder, Runtime))
        {
            if (NativeLibrary.TryLoad(path, out nint library) && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint fork))
                return (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)fork;
        }
        return null;
    }

    /// <summary>Parts that threads take one after the other; no error may leave a thread that is not ours.</summary>
    private sealed class Job(int parts, Action<int> body)
    {
        private int taken;

        public ExceptionDispatchInfo? Error { get; private set; }

        public void Work()
        {
            try
            {
                for (int part = Interlocked.Increment(ref taken) - 1; part < parts; part = Interlocked.Increment(ref taken) - 1) body(part);
            }
            catch (Exception error)
            {
                Error = ExceptionDispatchInfo.Capture(error);
            }
        }
    }
}
