using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Features;
using YoloTune.Images;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Training;

/// <summary>
/// How a model is trained. Every option is declared here and nowhere else: name, default, range, name in args.yaml and help text. The order
/// is that of args.yaml.
/// </summary>
public sealed partial record TrainingOptions
{
    /// <summary>Passes over the whole dataset.</summary>
    [TrainingOption("epochs", Minimum = 1)]
    public int Epochs { get; init; } = 100;

    /// <summary>Epochs without improvement after which the run ends; 0 never ends it early.</summary>
    [TrainingOption("patience", Minimum = 0)]
    public int Patience { get; init; } = 100;

    /// <summary>Images per batch.</summary>
    [TrainingOption("batch", Minimum = 1)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Side of the square that images are fitted into, in pixels; raised to a multiple of the model's stride.</summary>
    [TrainingOption("imgsz", Minimum = 32)]
    public int ImageSize { get; init; } = ImageSizes.Usual;

    /// <summary>Epochs between checkpoints that are kept; 0 or less keeps only the last and the best.</summary>
    [TrainingOption("save_period")]
    public int SavePeriod { get; init; } = -1;

    /// <summary>Threads that load and augment images; chosen for the machine when not given.</summary>
    [TrainingOption("workers", Minimum = 0, Unset = -1)]
    public int? Workers { get; init; }

    /// <summary>Where decoded images are kept between epochs.</summary>
    [TrainingOption("cache")]
    public ImageCacheMode Cache { get; init; } = ImageCacheMode.None;

    /// <summary>
    /// Where the outputs of frozen first layers are kept between epochs. It needs a fixed number of variants of each image: no
    /// augmentation, or <see cref="AugmentationVariants"/>.
    /// </summary>
    [TrainingOption("feature_cache")]
    public FeatureCacheMode FeatureCache { get; init; }

    /// <summary>Augmented variants of each image, shown in turn epoch by epoch; every epoch makes new ones when not given.</summary>
    [TrainingOption("augmentation_variants", Minimum = 1, Unset = 0)]
    public int? AugmentationVariants { get; init; }

    /// <summary>The optimiser; Auto chooses it by the length of the run.</summary>
    [TrainingOption("optimizer")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Auto;

    /// <summary>The seed of everything random.</summary>
    [TrainingOption("seed")]
    public long Seed { get; init; }

    /// <summary>All classes are treated as one.</summary>
    [TrainingOption("single_cls")]
    public bool SingleClass { get; init; }

    /// <summary>Batches of images of similar shape instead of squares.</summary>
    [TrainingOption("rect")]
    public bool Rectangular { get; init; }

    /// <summary>Lets the learning rate fall along half a cosine instead of a straight line.</summary>
    [TrainingOption("cos_lr")]
    public bool Cosine { get; init; }

    /// <summary>Epochs at the end that run without mosaic, mixup, cutmix and copy-paste; 0 keeps these to the end.</summary>
    [TrainingOption("close_mosaic", Minimum = 0)]
    public int CloseMosaic { get; init; } = 10;

    /// <summary>The fraction of the training images that is used.</summary>
    [TrainingOption("fraction", Minimum = 0, AboveMinimum = true, Maximum = 1, Meaning = "It is a fraction of the training images.")]
    public double Fraction { get; init; } = 1;

    /// <summary>
    /// Whether the masks of an image cut each other, the smallest object on top; otherwise each object has a whole mask. Masks of training
    /// and of its measurements are made so.
    /// </summary>
    [TrainingOption("overlap_mask")]
    public bool OverlapMasks { get; init; } = true;

    /// <summary>The side of the network's picture divided by that of the masks it is trained with.</summary>
    [TrainingOption("mask_ratio", Minimum = 1, Maximum = 32)]
    public int MaskRatio { get; init; } = 4;

    /// <summary>The fraction of a classifier's last features that each batch leaves out at random.</summary>
    [TrainingOption("dropout", Minimum = 0, Maximum = 1, BelowMaximum = true, Meaning = "It is a fraction of the features.")]
    public double Dropout { get; init; }

    /// <summary>Whether the model is measured after every epoch.</summary>
    [TrainingOption("val")]
    public bool Validate { get; init; } = true;

    /// <summary>Whether pictures are drawn into the run folder.</summary>
    [TrainingOption("plots")]
    public bool Plots { get; init; } = true;

    /// <summary>The initial learning rate; the optimiser's default or the automatic choice when not given.</summary>
    [TrainingOption("lr0", Minimum = 0, AboveMinimum = true)]
    public double? LearningRate { get; init; }

    /// <summary>The learning rate at the end of the schedule, as a fraction of the initial one.</summary>
    [TrainingOption("lrf", Minimum = 0, Maximum = 1, Meaning = "It is a fraction of the initial learning rate.")]
    public double FinalLearningRate { get; init; } = 0.01;

    /// <summary>Momentum of SGD, first beta of Adam.</summary>
    [TrainingOption("momentum", Minimum = 0, Maximum = 1, BelowMaximum = true)]
    public double Momentum { get; init; } = 0.937;

    /// <summary>Decay of weights, for steps of 64 images.</summary>
    [TrainingOption("weight_decay", Minimum = 0)]
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Epochs in which the learning rate rises from 0.</summary>
    [TrainingOption("warmup_epochs", Minimum = 0)]
    public double WarmupEpochs { get; init; } = 3;

    /// <summary>Momentum at the start of warm-up.</summary>
    [TrainingOption("warmup_momentum", Minimum = 0, Maximum = 1, BelowMaximum = true)]
    public double WarmupMomentum { get; init; } = 0.8;

    /// <summary>
    /// Learning rate of biases at the start of warm-up. Null takes 0.1 for SGD and MuSGD and 0 for an automatic optimiser and those of
    /// Adam's family, whose steps do not shrink with the gradient: 0.1 would throw the biases far off.
    /// </summary>
    [TrainingOption("warmup_bias_lr", Minimum = 0)]
    public double? WarmupBiasLearningRate { get; init; }

    /// <summary>The weights of the parts of the loss.</summary>
    public LossGains Gains { get; init; } = new();

    /// <summary>
    /// Images whose gradients make one step; smaller batches are accumulated. 0 makes a step of every batch, which suits small datasets:
    /// 64 images per step leave a run of ten epochs on 200 images with some 40 steps.
    /// </summary>
    [TrainingOption("nbs", Minimum = 0)]
    public int NominalBatchSize { get; init; } = 64;

    /// <summary>The number format of activations; weights are always float32.</summary>
    [TrainingOption("precision")]
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>The fewest batches of warm-up, within <see cref="WarmupFraction"/> of the run.</summary>
    [TrainingOption("warmup_batches", Minimum = 0)]
    public int WarmupBatches { get; init; } = 100;

    /// <summary>
    /// The largest fraction of the run that warm-up may take. 0.3 leaves the usual three epochs to a run of ten and keeps shorter runs from
    /// being all warm-up.
    /// </summary>
    [TrainingOption("warmup_share", Minimum = 0, Maximum = 1, Meaning = "It is a fraction of the run.")]
    public double WarmupFraction { get; init; } = 0.3;

    /// <summary>Whose rules are followed where they differ.</summary>
    [TrainingOption("rules")]
    public TrainingRules Rules { get; init; } = TrainingRules.YoloTune;

    /// <summary>The initial learning rate of SGD and MuSGD when none is given.</summary>
    [TrainingOption(Minimum = 0, AboveMinimum = true)]
    public double SgdLearningRate { get; init; } = 0.01;

    /// <summary>The initial learning rate of Adam, AdamW, NAdam and RMSProp when none is given: theirs is a tenth of SGD's.</summary>
    [TrainingOption(Minimum = 0, AboveMinimum = true)]
    public double AdamLearningRate { get; init; } = 0.001;

    /// <summary>The largest norm of the gradient of all parameters together.</summary>
    [TrainingOption(Minimum = 0, AboveMinimum = true)]
    public double GradientNorm { get; init; } = 10;

    /// <summary>How training images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>These options with others in place of some.</summary>
    /// <param name="values">The value of the option of a name, of the option's type; null leaves the option as it is.</param>
    public TrainingOptions With(Func<string, object?> values) => TrainingOption.Replace(this, values);

    /// <summary>Whether an epoch, counted from 0, runs without mosaic, mixup, cutmix and copy-paste.</summary>
    public bool ClosesMosaic(int epoch)
    {
        int first = Epochs - CloseMosaic;
        bool everCloses = CloseMosaic > 0 && (Rules == TrainingRules.YoloTune || first >= 0);
        return everCloses && epoch >= first;
    }

    /// <summary>The settings of the schedule of a run with these options.</summary>
    internal ScheduleSettings ScheduleFor(OptimizerChoice choice, int batchesPerEpoch) => new()
    {
        Epochs = Epochs,
        BatchesPerEpoch = batchesPerEpoch,
        BatchSize = BatchSize,
        NominalBatchSize = NominalBatchSize,
        FinalFraction = FinalLearningRate,
        Cosine = Cosine,
        WarmupEpochs = WarmupEpochs,
        WarmupBatches = WarmupBatches,
        WarmupFraction = Rules == TrainingRules.Reference ? null : WarmupFraction,
        WarmupMomentum = WarmupMomentum,
        Momentum = choice.WarmupMomentumTarget,
        WarmupBiasLearningRate = choice.WarmupBiasLearningRate,
    };
}
