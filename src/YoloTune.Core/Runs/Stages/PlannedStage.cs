using YoloTune.Training;
using YoloTune.Training.Schedule;


namespace YoloTune.Runs.Stages;

/// <summary>A stage with its place in the run and everything that it left open decided.</summary>
/// <param name="Index">Which stage of the run, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Definition">What was asked for; null for the only stage of a run without stages.</param>
/// <param name="FirstEpoch">The run's epoch it begins with, from 0.</param>
/// <param name="Epochs">Its epochs.</param>
/// <param name="Training">The options of the run with the stage's own in their place; the epochs are those of the whole run.</param>
/// <param name="Choice">Its optimiser.</param>
/// <param name="Schedule">Its schedule, which it may share with the stages before it.</param>
/// <param name="ScheduleStart">The run's epoch the schedule begins with.</param>
internal sealed record PlannedStage(
    int Index, string Name, YoloStage? Definition, int FirstEpoch, int Epochs, TrainingOptions Training, OptimizerChoice Choice,
    LearningRateSchedule Schedule, int ScheduleStart)
{
    /// <summary>The epoch after its last, from 0.</summary>
    public int End => FirstEpoch + Epochs;

    /// <summary>The batch, counted from the schedule's start, that an epoch of the run begins with.</summary>
    public long FirstBatch(int epoch, int batchesPerEpoch) => (long)(epoch - ScheduleStart) * batchesPerEpoch;

    /// <summary>Whether an epoch of the run, counted from 0, is without mosaic, mixup, cutmix and copy-paste.</summary>
    public bool ClosesMosaic(int epoch) =>
        Definition?.CloseMosaic is int last ? epoch >= End - last : Training.ClosesMosaic(epoch);
}
