using System.Diagnostics;
using YoloTune.Basics;

namespace YoloTune.Tests.Fuzz;

/// <summary>
/// Gives a target one file after another, and holds it to its promises: an exception of our own or none, an end within reasonable time, and
/// no more memory than stated. The file that is being read always lies on the disk, so that it is there even after the process crashed.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly AutoResetEvent asked = new(false), answered = new(false);
    private Exception? thrown;
    private long allocated;
    private bool ended;

    /// <summary>The file that is being read.</summary>
    public string Current { get; } = Path.Combine(folder, target.Name + target.Extension);

    /// <summary>Files that were read as good ones.</summary>
    public int Accepted { get; private set; }

    /// <summary>Files that were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The most that one file made the reader allocate.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>The longest that one file took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Reads the files; gives a description of the first that broke a promise, or null.</summary>
    public string? Run(IEnumerable<(string Name, byte[] File)> files)
    {
        Directory.CreateDirectory(folder);
        Thread reader = new(ReadAll) { IsBackground = true, Name = "fuzz " + target.Name };
        reader.Start();
        foreach ((string name, byte[] file) in files)
        {
            if (Try(file) is not { } problem) continue;
            string kept = Path.Combine(folder, $"failed-{target.Name}-{name}{target.Extension}");
            File.Copy(Current, kept, overwrite: true);
            ended = true;
            asked.Set();
            return $"{target.Name}, file {name} ({kept}): {problem}";
        }
        ended = true;
        asked.Set();
        File.Delete(Current);
        return null;
    }

    private string? Try(byte[] file)
    {
        File.WriteAllBytes(Current, file);
        thrown = null;
        long started = Stopwatch.GetTimestamp();
        asked.Set();
        if (!answered.WaitOne(Patience)) return $"it is not read after {Patience.TotalSeconds:0} seconds.";
        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        Slowest = taken > Slowest ? taken : Slowest;
        MostAllocated = Math.Max(MostAllocated, allocated);
        if (thrown is not (null or YoloTuneException)) return thrown.ToString();
        if (allocated > target.MaxAllocatedBytes)
            return $"reading allocates {allocated >> 20} MiB, the bound is {target.MaxAllocatedBytes >> 20}.";
        if (thrown is null) Accepted++;
        else Refused++;
        return null;
    }

    private void ReadAll()
    {
        while (true)
        {
            asked.WaitOne();
            if (ended) return;
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Read(Current);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            answered.Set();
        }
    }

    /// <summary>Such as "zip: 81234 files, 2 % read, the rest refused; at most 3 MiB and 12 ms a file".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{target.Name}: {Accepted + Refused} files, {Accepted} read, {Refused} refused; ")
        + FormattableString.Invariant(
            $"at most {MostAllocated / 1048576.0:0.0} MiB and {Slowest.TotalMilliseconds:0} ms a file");
}
