using System.Runtime.ExceptionServices;

namespace YoloTune.Data.Batches;

/// <summary>
/// Prepares batches on threads of its own while the consumer works, in order and at most a few ahead. The unit of work is one image, so
/// that the first batch is there soon and all threads work on it.
/// </summary>
/// <typeparam name="T">What is prepared; disposed here when the consumer does not fetch it.</typeparam>
internal sealed class BatchPrefetcher<T> : IDisposable where T : class, IDisposable
{
    private readonly Func<int, T> open;
    private readonly Action<T, int, int> fill;
    private readonly Func<T, int, T> close;
    private readonly IReadOnlyList<int> sizes;
    private readonly int ahead;
    private readonly Slot[] slots;
    private readonly List<Thread> threads = [];
    private readonly object gate = new();
    private int nextBatch;
    private int nextImage;
    private int delivered;
    private bool stopped;

    /// <param name="sizes">Images of each batch.</param>
    /// <param name="open">Makes the empty batch of an index.</param>
    /// <param name="fill">Fills one image of it: batch, batch index, image within the batch; called by several threads.</param>
    /// <param name="close">Ends it when all images are in.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="ahead">Batches in preparation or waiting at most.</param>
    public BatchPrefetcher(
        IReadOnlyList<int> sizes, Func<int, T> open, Action<T, int, int> fill, Func<T, int, T> close, int workers, int ahead)
    {
        (this.sizes, this.open, this.fill, this.close) = (sizes, open, fill, close);
        this.ahead = Math.Max(1, ahead);
        slots = [.. sizes.Select(size => new Slot { Missing = size })];
        for (int i = 0; i < Math.Max(1, workers); i++)
        {
            Thread thread = new(Work) { IsBackground = true, Name = "YoloTune data " + i };
            threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Waits for the next batch; the caller disposes it.</summary>
    public T Take(CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.Register(() =>
        {
            lock (gate) Monitor.PulseAll(gate);
        });
        lock (gate)
        {
            Slot slot = slots[delivered];
            while (slot.Missing > 0 && slot.Error is null)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }
            slot.Error?.Throw();
            cancellation.ThrowIfCancellationRequested();
            T batch = slot.Batch!;
            slot.Batch = null;
            delivered++;
            Monitor.PulseAll(gate);
            return batch;
        }
    }

    /// <summary>Stops the threads and frees what was not fetched.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        threads.ForEach(thread => thread.Join());
        foreach (Slot slot in slots) slot.Batch?.Dispose();
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            Slot slot = slots[job.Batch];
            try
            {
                T batch;
                lock (slot) batch = slot.Batch ??= open(job.Batch);
                fill(batch, job.Batch, job.Image);
                Finish(slot, job.Batch);
            }
            catch (Exception error)
            {
                // The consumer meets the error when it comes to this batch, whatever thread it happened on.
                lock (gate)
                {
                    slot.Error ??= ExceptionDispatchInfo.Capture(error);
                    Monitor.PulseAll(gate);
                }
            }
        }
    }

    private void Finish(Slot slot, int index)
    {
        lock (gate)
        {
            if (slot.Missing > 1)
            {
                slot.Missing--;
                return;
            }
        }
        T whole = close(slot.Batch!, index);
        lock (gate)
        {
            slot.Batch = whole;
            slot.Missing = 0;
            Monitor.PulseAll(gate);
        }
    }

    private (int Batch, int Image)? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (stopped || nextBatch >= sizes.Count) return null;
                if (nextBatch < delivered + ahead) break;
                Monitor.Wait(gate);
            }
            (int, int) job = (nextBatch, nextImage++);
            if (nextImage == sizes[nextBatch]) (nextBatch, nextImage) = (nextBatch + 1, 0);
            return job;
        }
    }

    private sealed class Slot
    {
        public T? Batch { get; set; }

        public int Missing { get; set; }

        public ExceptionDispatchInfo? Error { get; set; }
    }
}
