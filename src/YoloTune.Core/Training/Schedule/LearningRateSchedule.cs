using YoloTune.Training.Optimizers;


namespace YoloTune.Training.Schedule;

/// <summary>
/// Learning rate, momentum and accumulation of every batch. A pure function of epoch and batch, so that a resumed run goes on where it was.
/// </summary>
internal sealed class LearningRateSchedule
{
    private readonly ScheduleSettings settings;

    // Accumulation rises over the uncapped warm-up: a short run would have too few steps if it were complete after a third of it.
    private readonly long accumulationRise;

    /// <summary>Makes the schedule.</summary>
    public LearningRateSchedule(ScheduleSettings settings)
    {
        this.settings = settings;
        if (settings.WarmupEpochs <= 0)
        {
            WarmupIterations = accumulationRise = -1;
            return;
        }
        long iterations = Math.Max((long)Math.Round(settings.WarmupEpochs * settings.BatchesPerEpoch), settings.WarmupBatches);
        accumulationRise = iterations;
        if (settings.WarmupFraction is double share)
            iterations = Math.Min(iterations, (long)(share * settings.Epochs * settings.BatchesPerEpoch));
        WarmupIterations = iterations > 0 ? iterations : -1;
    }

    /// <summary>The batch, counted over the whole run from 0, at which warm-up ends; -1 without warm-up.</summary>
    public long WarmupIterations { get; }

    /// <summary>The fraction of the initial learning rate in an epoch, counted from 0. The last epoch is above the final share.</summary>
    public double Factor(int epoch)
    {
        double progress = epoch / (double)settings.Epochs;
        return settings.Cosine
            ? (Math.Max((1 - Math.Cos(progress * Math.PI)) / 2, 0) * (settings.FinalFraction - 1)) + 1
            : (Math.Max(1 - progress, 0) * (1 - settings.FinalFraction)) + settings.FinalFraction;
    }

    /// <summary>Whether a batch, counted over the whole run, belongs to warm-up.</summary>
    public bool WarmsUp(long iteration) => iteration <= WarmupIterations;

    /// <summary>The learning rate of a group for a batch.</summary>
    /// <param name="group">The group.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="iteration">The batch, counted over the whole run from 0.</param>
    public double LearningRate(ParameterGroup group, int epoch, long iteration)
    {
        double target = group.InitialLearningRate * Factor(epoch);
        if (!WarmsUp(iteration)) return target;
        double start = group.Kind == ParameterGroupKind.Bias ? settings.WarmupBiasLearningRate : 0;
        return Interpolate(start, target, iteration, WarmupIterations);
    }

    /// <summary>The momentum for a batch; null leaves it as it is.</summary>
    public double? Momentum(long iteration) => settings.Momentum is double target && WarmsUp(iteration)
        ? Interpolate(settings.WarmupMomentum, target, iteration, WarmupIterations)
        : null;

    /// <summary>The batches whose gradients make one step.</summary>
    public int Accumulate(long iteration)
    {
        double batches = settings.NominalBatchSize / (double)settings.BatchSize;
        return (int)Math.Max(1, Math.Round(
            iteration <= accumulationRise ? Interpolate(1, batches, iteration, accumulationRise) : batches));
    }

    /// <summary>Sets learning rate and momentum of all groups for a batch. Returns the batches that make one step.</summary>
    public int Apply(IEnumerable<ParameterGroup> groups, int epoch, long iteration)
    {
        double? momentum = Momentum(iteration);
        foreach (ParameterGroup group in groups)
        {
            group.LearningRate = LearningRate(group, epoch, iteration);
            if (momentum is double value) group.Momentum = value;
        }
        return Accumulate(iteration);
    }

    /// <summary>
    /// Weight decay in proportion to the images that make a step: the given decay for 64 of them.
    /// </summary>
    public static double ScaledWeightDecay(double weightDecay, int batchSize, int nominalBatchSize = 64)
    {
        double accumulate = Math.Max(Math.Round(nominalBatchSize / (double)batchSize), 1);
        return weightDecay * batchSize * accumulate / nominalBatchSize;
    }

    private static double Interpolate(double from, double to, long iteration, long end) => from + ((to - from) * iteration / end);
}
