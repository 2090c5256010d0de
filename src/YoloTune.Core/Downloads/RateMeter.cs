using System.Diagnostics;

namespace YoloTune.Downloads;

/// <summary>Bytes a second over the last few seconds.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(TimeSpan Time, long Bytes)> samples = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Notes how many bytes have come in all and returns the rate.</summary>
    public double Add(long bytes)
    {
        TimeSpan now = watch.Elapsed;
        samples.Enqueue((now, bytes));
        while (samples.Count > 2 && now - samples.Peek().Time > Window) samples.Dequeue();
        (TimeSpan since, long before) = samples.Peek();
        double seconds = (now - since).TotalSeconds;
        return seconds > 0 ? (bytes - before) / seconds : 0;
    }
}
