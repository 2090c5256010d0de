using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.ExceptionServices;

namespace YoloTune.Commands.Base;

/// <summary>Runs one piece of work on a thread of its own and writes its messages on the thread that called.</summary>
internal sealed class CmdletRunner
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly YoloCmdlet cmdlet;
    private readonly CancellationToken cancellation;
    private readonly BlockingCollection<Message> queue = [];
    private readonly ConcurrentDictionary<int, ProgressRecord> progress = new();
    private DateTime progressDue = DateTime.MinValue;

    public CmdletRunner(YoloCmdlet cmdlet)
    {
        this.cmdlet = cmdlet;
        cancellation = cmdlet.Token;
    }

    public CancellationToken Cancellation => cancellation;

    public T Run<T>(Func<CommandMessages, T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        CultureInfo culture = CultureInfo.CurrentCulture;
        Thread worker = new(() =>
        {
            CultureInfo.CurrentCulture = culture;
            try
            {
                result = work(new(this));
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                queue.CompleteAdding();
            }
        })
        { IsBackground = true, Name = "YoloTune worker" };
        worker.Start();

        ExceptionDispatchInfo? refusal = Pump();
        worker.Join();
        queue.Dispose();
        // A pipeline that no longer takes output (Ctrl+C, Select-Object -First, -ErrorAction Stop) says so by an exception of the write.
        refusal?.Throw();
        failure?.Throw();
        return result;
    }

    public void Post(Action<YoloCmdlet> write, Action<PSHostUserInterface>? afterStop = null)
    {
        try
        {
            queue.Add(new(write, afterStop), CancellationToken.None);
        }
        catch (Exception exception) when (exception is InvalidOperationException)
        {
            // A thread of the work outlived it; nothing reads its output any more. ObjectDisposedException is an InvalidOperationException
            // too.
        }
    }

    public void PostProgress(ProgressRecord record) => progress[record.ActivityId] = record;

    /// <summary>Writes messages until the work has ended; returns the exception of the first write that was refused.</summary>
    private ExceptionDispatchInfo? Pump()
    {
        ExceptionDispatchInfo? refusal = null;
        while (!queue.IsCompleted)
        {
            bool taken = queue.TryTake(out Message? message, ProgressInterval);
            try
            {
                if (cmdlet.Stopping || refusal is not null)
                {
                    if (taken && cmdlet.Stopping) message!.AfterStop?.Invoke(cmdlet.Host.UI);
                    continue;
                }
                if (taken) message!.Write(cmdlet);
                WriteProgress(all: false);
            }
            catch (Exception exception)
            {
                refusal = ExceptionDispatchInfo.Capture(exception);
                cmdlet.Cancel();
            }
        }
        if (!cmdlet.Stopping && refusal is null) WriteProgress(all: true);
        return refusal;
    }

    private void WriteProgress(bool all)
    {
        DateTime now = DateTime.UtcNow;
        if (progress.IsEmpty || (!all && now < progressDue)) return;
        progressDue = now + ProgressInterval;
        foreach (int activity in progress.Keys.Order())
        {
            if (progress.TryRemove(activity, out ProgressRecord? record)) cmdlet.WriteProgress(record);
        }
    }

    private sealed record Message(Action<YoloCmdlet> Write, Action<PSHostUserInterface>? AfterStop);
}
