using System.Diagnostics;

namespace YoloTune.Benchmarks;

/// <summary>
/// What milliseconds are counted by: the clock on the wall or, on a machine that others use too, the processor time of this process
/// divided by the processors.
/// </summary>
internal readonly struct Clock
{
    private readonly long start;

    private Clock(long start) => this.start = start;

    /// <summary>Whether processor time is counted.</summary>
    public static bool CountsProcessorTime { get; set; }

    /// <summary>Milliseconds since the start.</summary>
    public double Milliseconds => TimeSpan.FromTicks(Now - start).TotalMilliseconds;

    private static long Now => CountsProcessorTime
        ? ProcessorTicks() / Environment.ProcessorCount
        : Stopwatch.GetElapsedTime(0).Ticks;

    /// <summary>Starts to count.</summary>
    public static Clock Start() => new(Now);

    private static long ProcessorTicks()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.Ticks;
    }
}
