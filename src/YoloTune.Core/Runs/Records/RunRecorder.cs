using TorchSharp;
using YoloTune.Basics;
using YoloTune.Drawing;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Runs.Recovery;

namespace YoloTune.Runs.Records;

/// <summary>Writes what a run leaves in its folder: arguments, table, record, TensorBoard events and checkpoints.</summary>
internal sealed class RunRecorder : IDisposable
{
    private readonly RunFolder folder;
    private readonly TrainingHooks hooks;
    private readonly IReadOnlyDictionary<string, object?> arguments;
    private readonly IReadOnlyList<YoloEpoch> epochs;
    private readonly IReadOnlyList<string> columns;
    private readonly int savePeriod;
    private readonly bool hasStages;
    private readonly LateFiles late;
    private readonly Queue<YoloEpoch> forBoard = [];
    private TensorBoardWriter? board;

    /// <summary>Prepares; writes nothing yet.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="arguments">The contents of args.yaml.</param>
    /// <param name="epochs">The run's list of epochs, which grows.</param>
    /// <param name="columns">The columns of losses and measures.</param>
    /// <param name="hooks">Warnings and messages.</param>
    public RunRecorder(
        RunFolder folder, RunOptions options, IReadOnlyDictionary<string, object?> arguments, IReadOnlyList<YoloEpoch> epochs,
        IReadOnlyList<string> columns, TrainingHooks hooks)
    {
        (this.folder, this.arguments, this.epochs, this.columns, this.hooks) = (folder, arguments, epochs, columns, hooks);
        (savePeriod, hasStages) = (options.Training.SavePeriod, options.Stages.Count > 0);
        late = new LateFiles(hooks);
    }

    /// <summary>Writes the arguments of a run that begins.</summary>
    public void Begin() => RunFolder.Guard(folder.Path, () => ArgumentsFile.Write(folder.Arguments, arguments));

    /// <summary>Writes arguments and table of a run that goes on.</summary>
    public void GoOn() => RunFolder.Guard(folder.Path, () =>
    {
        late.Write(folder.Arguments, () => ArgumentsFile.Write(folder.Arguments, arguments));
        WriteResults();
    });

    /// <summary>Writes the table, the record and the TensorBoard events of an epoch that has just been added.</summary>
    /// <param name="record">Gives the run's record; it is asked again where the file has to be written later.</param>
    public void Write(Func<TrainingRun> record)
    {
        forBoard.Enqueue(epochs[^1]);
        RunFolder.Guard(folder.Path, () =>
        {
            WriteResults();
            // A run is completed when the best weights are measured.
            late.Write(folder.Record, () => (record() with { Completed = false }).WriteRecord());
            late.Write(board?.FilePath ?? folder.Path, WriteBoard);
        });
    }

    /// <summary>Writes last.pt, best.pt where it is one, a kept epoch where one is due, and the state to resume from.</summary>
    /// <param name="averaged">The averaged weights.</param>
    /// <param name="isBest">Whether they are the best so far.</param>
    /// <param name="state">What the run goes on from.</param>
    /// <param name="tensors">The tensors that it goes on from.</param>
    public void SaveCheckpoint(YoloModel averaged, bool isBest, ResumeState state, IEnumerable<(string Name, torch.Tensor Tensor)> tensors)
    {
        averaged.StoredArguments = arguments;
        RunFolder.Guard(folder.Weights, () =>
        {
            bool written = late.Write(folder.Last, () => UltralyticsFile.Write(averaged, folder.Last, half: false));
            // Where the best weights so far are gone, the current ones are the best there are.
            if (isBest || !File.Exists(folder.Best)) Put(folder.Best);
            if (savePeriod > 0 && epochs.Count > 0 && epochs.Count % savePeriod == 0) Put(folder.Epoch(epochs.Count));

            void Put(string path)
            {
                if (written) AtomicFile.Copy(folder.Last, path);
                else UltralyticsFile.Write(averaged, path, half: false);
            }
        });
        using DisposeScope scope = torch.NewDisposeScope();
        ResumeFile.Write(folder, state, tensors, late);
    }

    /// <summary>Recreates the folder where it was removed; everything that the run needs is in memory. True where that was so.</summary>
    public bool RestoreFolder()
    {
        if (!folder.Restore()) return false;
        hooks.Warning?.Invoke(
            $"The run's folder '{folder.Path}' was removed. It is created again; "
            + "checkpoints of earlier epochs and pictures are lost with it.");
        board?.Dispose();
        board = null;
        RunFolder.Guard(folder.Path, () =>
        {
            ArgumentsFile.Write(folder.Arguments, arguments);
            WriteResults();
        });
        return true;
    }

    /// <summary>Writes what other programs kept open so far, the record excepted, and waits for it.</summary>
    public void WriteLate() => RunFolder.Guard(folder.Path, () => late.WriteLast(except: folder.Record));

    /// <summary>Writes the record for the last time.</summary>
    public void WriteLast(TrainingRun record) =>
        RunFolder.Guard(folder.Path, () => late.WriteLast(folder.Record, record.WriteRecord));

    /// <summary>Closes the TensorBoard file.</summary>
    public void Dispose() => board?.Dispose();

    private void WriteResults() => late.Write(folder.Results, () => ResultsTable.Write(folder.Results, epochs, columns, hasStages));

    private void WriteBoard()
    {
        board ??= new TensorBoardWriter(folder.Path);
        while (forBoard.TryPeek(out YoloEpoch? next))
        {
            board.AddScalars(ResultsTable.Values(next), next.Epoch);
            forBoard.Dequeue();
        }
        board.Flush();
    }
}
