using System.Globalization;
using YoloTune.Basics;
using YoloTune.Images;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Training;

public sealed partial record TrainingOptions
{
    /// <summary>Checks every value. Returns the options themselves, so that a call can be chained.</summary>
    /// <exception cref="TrainingException">A value is out of its range; the message names option, value and range.</exception>
    /// <exception cref="SelectionException">An augmentation's value is out of its range.</exception>
    public TrainingOptions Checked()
    {
        AtLeast(Epochs, 1, nameof(Epochs));
        AtLeast(ImageSize, 32, nameof(ImageSize));
        AtLeast(BatchSize, 1, nameof(BatchSize));
        AtLeast(NominalBatchSize, 0, nameof(NominalBatchSize));
        if (LearningRate is double rate) Positive(rate, nameof(LearningRate));
        Positive(SgdLearningRate, nameof(SgdLearningRate));
        Positive(AdamLearningRate, nameof(AdamLearningRate));
        Within(FinalLearningRate, 0, 1, nameof(FinalLearningRate), "It is a share of the initial learning rate.");
        Below1(Momentum, nameof(Momentum));
        Below1(WarmupMomentum, nameof(WarmupMomentum));
        NotNegative(WeightDecay, nameof(WeightDecay));
        NotNegative(WarmupEpochs, nameof(WarmupEpochs));
        AtLeast(WarmupBatches, 0, nameof(WarmupBatches));
        Within(WarmupShare, 0, 1, nameof(WarmupShare), "It is a share of the run.");
        if (WarmupBiasLearningRate is double biasRate) NotNegative(biasRate, nameof(WarmupBiasLearningRate));
        AtLeast(Patience, 0, nameof(Patience));
        AtLeast(CloseMosaic, 0, nameof(CloseMosaic));
        if (Workers is int workers) AtLeast(workers, 0, nameof(Workers));
        NotNegative(Gains.Box, "Gains.Box");
        NotNegative(Gains.Class, "Gains.Class");
        NotNegative(Gains.Distribution, "Gains.Distribution");
        NotNegative(Gains.Keypoints, "Gains.Keypoints");
        NotNegative(Gains.Visibility, "Gains.Visibility");
        NotNegative(Gains.Likelihood, "Gains.Likelihood");
        NotNegative(Gains.Angle, "Gains.Angle");
        Positive(GradientNorm, nameof(GradientNorm));
        Positive(Fraction, nameof(Fraction));
        Within(Fraction, 0, 1, nameof(Fraction), "It is a share of the training images.");
        Augmentation.Validate();
        if (AugmentationVariants is int variants) AtLeast(variants, 1, nameof(AugmentationVariants));
        return this;
    }

    /// <summary>
    /// The options by the reference's names, as args.yaml holds them: numbers, booleans and lower-case strings. What was decided
    /// automatically stands there as decided when <paramref name="choice"/> is given.
    /// </summary>
    public IReadOnlyDictionary<string, object> ToArguments(OptimizerChoice? choice = null)
    {
        Dictionary<string, object> arguments = new(StringComparer.Ordinal)
        {
            ["epochs"] = Epochs,
            ["patience"] = Patience,
            ["batch"] = BatchSize,
            ["imgsz"] = ImageSize,
            ["save_period"] = SavePeriod,
            ["workers"] = Workers ?? -1,
            ["cache"] = Cache switch { ImageCacheMode.Memory => "ram", ImageCacheMode.Disk => "disk", _ => false },
            ["feature_cache"] = FeatureCache.ToString().ToLowerInvariant(),
            ["augmentation_variants"] = AugmentationVariants ?? 0,
            ["optimizer"] = choice is null && Optimizer == OptimizerKind.Auto ? "auto" : (choice?.Kind ?? Optimizer).ToString(),
            ["seed"] = Seed,
            ["single_cls"] = SingleClass,
            ["rect"] = Rectangular,
            ["cos_lr"] = Cosine,
            ["close_mosaic"] = CloseMosaic,
            ["amp"] = Precision != Precision.Float32,
            ["fraction"] = Fraction,
            ["val"] = Validate,
            ["plots"] = Plots,
            ["lr0"] = choice?.LearningRate ?? LearningRate ?? SgdLearningRate,
            ["lrf"] = FinalLearningRate,
            ["momentum"] = choice?.Momentum ?? Momentum,
            ["weight_decay"] = WeightDecay,
            ["warmup_epochs"] = WarmupEpochs,
            ["warmup_momentum"] = WarmupMomentum,
            ["warmup_bias_lr"] = choice?.WarmupBiasLearningRate ?? WarmupBiasLearningRate ?? AutomaticOptimizer.BiasLearningRate,
            ["box"] = Gains.Box,
            ["cls"] = Gains.Class,
            ["dfl"] = Gains.Distribution,
            ["pose"] = Gains.Keypoints,
            ["kobj"] = Gains.Visibility,
            ["rle"] = Gains.Likelihood,
            ["angle"] = Gains.Angle,
            ["nbs"] = NominalBatchSize,
            ["precision"] = Precision.ToString().ToLowerInvariant(),
            ["warmup_batches"] = WarmupBatches,
            ["warmup_share"] = WarmupShare,
            ["rules"] = Rules.ToString().ToLowerInvariant(),
        };
        foreach ((string name, object value) in Augmentation.ToDictionary()) arguments[name] = value;
        return arguments;
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least) throw Wrong(name, value, Invariant($"Give {least} or more."));
    }

    private static void Positive(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value)) throw Wrong(name, value, "Give a number above 0.");
    }

    private static void NotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value)) throw Wrong(name, value, "Give 0 or more.");
    }

    private static void Below1(double value, string name)
    {
        if (!(value >= 0 && value < 1)) throw Wrong(name, value, "Give a number from 0 to below 1.");
    }

    private static void Within(double value, double least, double most, string name, string why)
    {
        if (!(value >= least && value <= most)) throw Wrong(name, value, Invariant($"{why} Give a number from {least} to {most}."));
    }

    private static TrainingException Wrong(string name, object value, string remedy) =>
        new(Invariant($"{name} cannot be {value}."), remedy: remedy);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
