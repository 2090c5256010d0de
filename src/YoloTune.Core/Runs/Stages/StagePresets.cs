using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;

namespace YoloTune.Runs.Stages;

/// <summary>Makes the stages of known recipes.</summary>
public static class StagePresets
{
    // A small dataset gives few steps: every batch makes one, where the run's default gathers 64 images for each.
    private const int EveryBatch = 0;

    // Half an epoch is enough for the optimiser's moments to settle where nothing learned can be lost.
    private const double Warmup = 0.5;

    // Transferred layers are unfrozen slowly: the rate rises over most of the stage while the straight line falls, and so peaks below half
    // of its nominal value. At the full rate of AdamW a detector whose classes are close to the source's loses in a few steps what it
    // knew.
    private const double SlowWarmupFraction = 0.6, LongestSlowWarmup = 20;

    // The automatic rate follows the number of classes (0.002 for one, 0.0004 for twenty), which says nothing about how far layers have to
    // go.
    private const double FineTuneLearningRate = 0.002, FamiliarFactor = 0.4;

    // While layers are still frozen, new rows start from nothing and have far to go.
    private const double NewMultiplier = 5;

    // A short run sees each object few times: sizes that vary by a quarter instead of a half leave it more of them to recognise.
    private static readonly Dictionary<string, string> MildAugmentation = new() { ["scale"] = "0.25" };

    /// <summary>The fewest epochs a preset can be laid out over.</summary>
    public static int FewestEpochs(StagePreset preset) => preset == StagePreset.FineTune ? 2 : 6;

    /// <summary>Lays a preset out over a number of epochs.</summary>
    /// <param name="preset">The recipe.</param>
    /// <param name="epochs">Epochs of all stages together.</param>
    /// <param name="learningRate">The initial learning rate of the head; null leaves it to the run.</param>
    /// <exception cref="SelectionException">There are fewer epochs than stages.</exception>
    public static IReadOnlyList<YoloStage> Create(StagePreset preset, int epochs, double? learningRate = null)
    {
        int fewest = FewestEpochs(preset);
        if (epochs < fewest)
        {
            throw new SelectionException($"the preset {preset} cannot be laid out over {Counted.Of(epochs, "epoch")}.",
                remedy: $"Give {Counted.Of(fewest, "epoch")} or more.");
        }
        return preset == StagePreset.FineTune ? FineTune(epochs, learningRate) : GradualUnfreeze(epochs, learningRate);
    }

    private static YoloStage[] FineTune(int epochs, double? learningRate)
    {
        int first = Math.Max(1, epochs / 10), rest = epochs - first;
        YoloStage head = new()
        {
            Name = "head",
            Epochs = first,
            Freeze = AllBut(new() { BeforeHead = true }),
            Optimizer = OptimizerKind.AdamW,
            LearningRate = learningRate ?? FineTuneLearningRate,
            NominalBatchSize = EveryBatch,
            WarmupEpochs = Warmup,
            Augmentation = MildAugmentation,
            Preset = StagePreset.FineTune,
        };
        YoloStage all = head with
        {
            Name = "all",
            Epochs = rest,
            Freeze = FreezeSelection.None(),
            FamiliarFactor = FamiliarFactor,
            WarmupEpochs = Math.Min(SlowWarmupFraction * rest, LongestSlowWarmup),
        };
        return [head, all];
    }

    private static YoloStage[] GradualUnfreeze(int epochs, double? learningRate)
    {
        int each = Math.Max(1, epochs / 10);
        (string Name, ItemSelection Frozen)[] steps =
        [
            ("head", new() { BeforeHead = true }),
            ("neck", new() { Parts = [LayerPart.Backbone] }),
            ("backbone 32", new() { BackboneBelowStride = 32 }),
            ("backbone 16", new() { BackboneBelowStride = 16 }),
            ("backbone 8", new() { BackboneBelowStride = 8 }),
            ("all", new()),
        ];
        return
        [
            .. steps.Select((step, i) => new YoloStage
            {
                Name = step.Name,
                Epochs = i < steps.Length - 1 ? each : epochs - (each * (steps.Length - 1)),
                Freeze = step.Frozen.IsEmpty ? FreezeSelection.None() : AllBut(step.Frozen),
                LearningRate = learningRate,
                NewMultiplier = NewMultiplier,
                NominalBatchSize = EveryBatch,
                WarmupEpochs = i == 0 ? Warmup : null,
                Preset = StagePreset.GradualUnfreeze,
                Schedule = i == 0 ? StageSchedule.Restart : StageSchedule.Continue,
            }),
        ];
    }

    // What is new learns from the start, wherever it lies.
    private static FreezeSelection AllBut(ItemSelection frozen) => new() { Items = frozen, ExceptOrigins = [Origin.New] };
}
