using YoloTune.Basics;
using YoloTune.Runs.Stages;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>
/// When the optimiser makes a step. Batches are accumulated as in the reference, with one difference: an epoch that would pass without a
/// step,
/// because it has fewer batches than make one, ends with one. A small dataset could otherwise be trained to the end without a single step.
/// </summary>
internal static class StepCount
{
    /// <summary>A run with fewer steps is warned of.</summary>
    public const int Few = 20;

    /// <summary>The batches that make a step, for one batch.</summary>
    /// <param name="training">The options of its stage; by the reference's rules nothing is changed.</param>
    /// <param name="scheduled">What the schedule says.</param>
    /// <param name="lastOfEpochWithoutStep">Whether it is the last batch of an epoch that has made no step.</param>
    public static int Accumulate(TrainingOptions training, int scheduled, bool lastOfEpochWithoutStep) =>
        lastOfEpochWithoutStep && training.Rules != TrainingRules.Reference ? 1 : scheduled;

    /// <summary>The steps that a run will make, as far as no gradient overflows.</summary>
    public static long Of(StagePlan plan, int batchesPerEpoch) => plan.Stages.Sum(stage => Of(stage, batchesPerEpoch));

    /// <summary>The steps that a stage will make. Gradients that wait for a step are dropped between stages.</summary>
    public static long Of(PlannedStage stage, int batchesPerEpoch)
    {
        long steps = 0, lastStep = stage.FirstBatch(stage.FirstEpoch, batchesPerEpoch) - 1;
        for (int epoch = stage.FirstEpoch; epoch < stage.End; epoch++)
        {
            long first = stage.FirstBatch(epoch, batchesPerEpoch), end = first + batchesPerEpoch - 1;
            for (long iteration = first; iteration <= end; iteration++)
            {
                int batches = Accumulate(stage.Training, stage.Schedule.Accumulate(iteration), lastStep < first && iteration == end);
                if (iteration - lastStep < batches) continue;
                lastStep = iteration;
                steps++;
            }
        }
        return steps;
    }

    /// <summary>What to say of a run that makes few steps, with what to do; null where it makes enough.</summary>
    public static string? Warning(StagePlan plan, int batchesPerEpoch, int images)
    {
        long steps = Of(plan, batchesPerEpoch);
        if (steps >= Few) return null;
        long batches = plan.Stages.Sum(stage => (long)stage.Epochs) * batchesPerEpoch;
        return FormattableString.Invariant(
            $"The run makes {Counted.Of(steps, "step")} of the optimiser only, too few to learn much: {images} images make ")
            + FormattableString.Invariant($"{batchesPerEpoch} {(batchesPerEpoch == 1 ? "batch" : "batches")} per epoch. ")
            + (steps < batches
                ? FormattableString.Invariant($"-NominalBatchSize 0 makes a step of every batch, {batches} in all; ")
                    + "a smaller -BatchSize or more -Epochs give more."
                : "A smaller -BatchSize or more -Epochs give more.");
    }
}
