using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Tuning;

namespace YoloTune.Runs.Stages;

/// <summary>
/// Takes a run from stage to stage: the model is frozen and its rates are multiplied as the stage says, always from where the run began.
/// </summary>
internal sealed class StageSwitch
{
    private readonly YoloModel model;
    private readonly StagePlan plan;
    private bool left;

    /// <summary>Enters the first stage.</summary>
    public StageSwitch(YoloModel model, StagePlan plan)
    {
        (this.model, this.plan) = (model, plan);
        Start = TuningState.Of(model);
        Stage = plan.Stages[0];
        Stage.Definition?.Apply(model);
    }

    /// <summary>What was frozen, and the learning-rate factors, when the run began.</summary>
    public TuningState Start { get; }

    /// <summary>The stage the model is in.</summary>
    public PlannedStage Stage { get; private set; }

    /// <summary>Whether the run ends with this stage.</summary>
    public bool IsLast => Stage == plan.Stages[^1];

    /// <summary>Goes over to the stage of an epoch, counted from 0; false where the model is in it already.</summary>
    public bool Enter(int epoch)
    {
        PlannedStage next = plan.At(epoch);
        if (next == Stage) return false;
        Start.Apply(model);
        next.Definition?.Apply(model);
        Stage = next;
        return true;
    }

    /// <summary>What a stage froze and multiplied ends with the run, however it ends. False where that was done before.</summary>
    public bool Leave()
    {
        if (left) return false;
        left = true;
        Start.Apply(model);
        return true;
    }

    /// <summary>The stage, its optimiser and its steps in words.</summary>
    public string Describe(int batchesPerEpoch)
    {
        int warmup = (int)Math.Max(0, Stage.Schedule.WarmupIterations);
        return (Stage.Definition is null ? "" : $"Stage {Stage.Definition}. ")
            + $"Optimiser: {Stage.Choice.Reason} Warm-up of {warmup} of {Counted.Of((long)Stage.Epochs * batchesPerEpoch, "batch")}; "
            + $"{Counted.Of(StepCount.Of(Stage, batchesPerEpoch), "step")}.";
    }
}
