using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;


namespace YoloTune.Commands.Base;

/// <summary>The base of cmdlets that drive a training run.</summary>
public abstract class TrainingCmdlet : YoloCmdlet
{
    /// <summary>Opens a run, drives it to its end or until the user stops it, and returns its model with the best weights.</summary>
    /// <param name="activity">What the progress bar is headed with.</param>
    /// <param name="open">Opens the run; its hooks report to this cmdlet.</param>
    protected YoloModel Drive(string activity, Func<TrainingHooks, CancellationToken, Trainer> open) => RunOnWorker(messages =>
    {
        TrainingProgressSink progress = new(messages, activity);
        TrainingHooks hooks = new() { Progress = progress, Warning = messages.Warning, Message = messages.Verbose, Line = messages.Report };
        using Trainer trainer = open(hooks, messages.Cancellation);
        TrainingRun run = trainer.Run(messages.Cancellation);
        progress.Complete();
        messages.Report(Summary(run));
        TaskViews.Mark(run);
        return trainer.Model;
    });

    private static string Summary(TrainingRun run)
    {
        string best = run.Best is { Headline: { Count: > 0 } measures } epoch
            ? "best " + string.Join(", ", measures.Select(entry => FormattableString.Invariant($"{entry.Key} {entry.Value:0.000}")))
                + FormattableString.Invariant($" in epoch {epoch.Epoch} of {run.Epochs.Count}")
            : Counted.Of(run.Epochs.Count, "epoch");
        return $"{(run.Completed ? "Trained" : "Stopped")}: {best}. The run is in '{run.Directory}'.";
    }
}
