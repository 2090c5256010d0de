using TorchSharp;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Runs.Recovery;

namespace YoloTune.Runs;

/// <content>Checkpoints: written after every epoch, and what the run goes back to.</content>
public sealed partial class Trainer
{
    private const int MostRecoveries = 3;
    private const double RecoveryFactor = 0.5;

    /// <summary>Takes over the state of a checkpoint.</summary>
    private void Restore(ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        epochs.Clear();
        epochs.AddRange(state.Epochs);
        // The checkpoint belongs to the stage of the last epoch done; the next epoch goes over to its own.
        Enter(Math.Max(0, epochs.Count - 1));
        engine.Restore(tensors, state);
        // The features were made with the weights that were replaced.
        features.Drop();
        stopping.Restore(state.BestFitness, state.BestEpoch);
        learningRateFactor = state.LearningRateFactor;
    }

    /// <summary>
    /// Goes back to the last checkpoint with half the learning rate: the same batches at the same rate would end the same way.
    /// </summary>
    private void Recover(int index, string bad)
    {
        double factor = learningRateFactor * RecoveryFactor;
        RestoreLast();
        if (++recoveries > MostRecoveries)
        {
            throw new TrainingException(
                FormattableString.Invariant($"epoch {index + 1} gave numbers that are not finite {MostRecoveries + 1} times in a row."),
                position: bad,
                remedy: "Lower -LearningRate, or train with -Precision Float32. The last good checkpoint is in the run's folder.");
        }
        learningRateFactor = factor;
        string rate = FormattableString.Invariant($"the learning rate times {factor:g3}");
        hooks.Warning?.Invoke(
            $"Epoch {index + 1} gave numbers that are not finite, first in {bad}. It is repeated from the last checkpoint with {rate}.");
    }

    private void RestoreLast()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors) = ResumeFile.Read(folder, hooks.Warning);
        Restore(state, tensors);
    }

    private void SaveCheckpoint(bool isBest)
    {
        engine.RefreshAveraged();
        recorder.SaveCheckpoint(engine.Averaged, isBest, State(), engine.State());
    }

    private ResumeState State() => new()
    {
        Options = options,
        Choices = plan.Choices,
        Device = Model.Device,
        Source = source,
        Epochs = [.. epochs],
        Tuning = stages.Start,
        Momentum = [.. engine.Groups.Select(group => group.Momentum)],
        Updates = engine.Updates,
        LastStep = engine.Step.LastStep,
        LearningRateFactor = learningRateFactor,
        LossScale = engine.Step.Scaler?.Scale,
        GoodSteps = engine.Step.Scaler?.GoodSteps ?? 0,
        BestFitness = stopping.BestFitness,
        BestEpoch = stopping.BestEpoch,
        Completed = Ended,
    };

    private void LoadBest()
    {
        using YoloModel best = RunWeights.Read(folder.Best, folder.Last, hooks.Warning);
        TrainingEngine.Copy(best.Items.Select(item => (item.Name, item.Tensor)), Model);
    }
}
