using YoloTune.Runs.Stages;

namespace YoloTune.Runs;

public sealed partial class Trainer
{
    /// <summary>Goes over to the stage of an epoch, counted from 0, when it is another one than that of the epoch before.</summary>
    private void EnterStageOf(int epoch)
    {
        if (plan.At(epoch) == stage) return;
        Enter(plan.At(epoch));
        // The wait for an improvement is of the last stage alone; it starts with it.
        if (stage == plan.Stages[^1]) stopping.Restore(stopping.BestFitness, epoch);
        TellStage();
    }

    /// <summary>Goes over to a stage: the model is frozen and its rates are multiplied as the stage says, from where the run began.</summary>
    private void Enter(PlannedStage next)
    {
        tuning.Apply(Model);
        next.Definition?.Apply(Model);
        stage = next;
        DropFeatures();
        engine.Enter(next, next.FirstBatch(epochs.Count, data.Batches.Count));
    }

    /// <summary>What a stage froze and multiplied ends with the run, however it ends.</summary>
    private void LeaveStage()
    {
        if (left) return;
        left = true;
        tuning.Apply(Model);
        engine.RestoreLayout();
    }

    private void TellStage()
    {
        int warmup = (int)Math.Max(0, stage.Schedule.WarmupIterations);
        hooks.Message?.Invoke((stage.Definition is null ? "" : $"Stage {stage.Definition}. ")
            + $"Optimiser: {stage.Choice.Reason} Warm-up of {warmup} of {(long)stage.Epochs * data.Batches.Count} batches; "
            + $"{StepCount.Of(stage, data.Batches.Count)} steps.");
    }
}
