using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Features;
using YoloTune.Images;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;


namespace YoloTune.Training;

/// <summary>How a model is trained. Every default stands here and nowhere else.</summary>
public sealed partial record TrainingOptions
{
    /// <summary>Times the whole dataset is seen (args name <c>epochs</c>).</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Side of the square that images are fitted into, in pixels; raised to a multiple of the stride (<c>imgsz</c>).</summary>
    public int ImageSize { get; init; } = ImageSizes.Usual;

    /// <summary>Images a batch (<c>batch</c>).</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Images whose gradients make one step; smaller batches are accumulated (<c>nbs</c>). 0 makes a step of every batch, which suits small
    /// datasets: 64 images a step leave a run of ten epochs on 200 images with some 40 steps.
    /// </summary>
    public int NominalBatchSize { get; init; } = 64;

    /// <summary>The optimiser (<c>optimizer</c>).</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Auto;

    /// <summary>The initial learning rate (<c>lr0</c>); null leaves it to the optimiser's default or the automatic choice.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The learning rate the schedule falls towards, as a share of the initial one (<c>lrf</c>).</summary>
    public double FinalLearningRate { get; init; } = 0.01;

    /// <summary>The initial learning rate of SGD and MuSGD when none is given.</summary>
    public double SgdLearningRate { get; init; } = 0.01;

    /// <summary>The initial learning rate of Adam, AdamW, NAdam and RMSProp when none is given: theirs is a tenth of SGD's.</summary>
    public double AdamLearningRate { get; init; } = 0.001;

    /// <summary>Half a cosine instead of a straight line (<c>cos_lr</c>).</summary>
    public bool Cosine { get; init; }

    /// <summary>Momentum of SGD, first beta of Adam (<c>momentum</c>).</summary>
    public double Momentum { get; init; } = 0.937;

    /// <summary>Decay of weights for 64 images a step (<c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Epochs in which the learning rate rises from 0 (<c>warmup_epochs</c>).</summary>
    public double WarmupEpochs { get; init; } = 3;

    /// <summary>Batches of warm-up at least, as far as <see cref="WarmupShare"/> lets it.</summary>
    public int WarmupBatches { get; init; } = 100;

    /// <summary>
    /// The largest share of the run that warm-up may take. 0.3 leaves the usual three epochs to a run of ten and keeps shorter runs from
    /// being all warm-up.
    /// </summary>
    public double WarmupShare { get; init; } = 0.3;

    /// <summary>Momentum at the start of warm-up (<c>warmup_momentum</c>).</summary>
    public double WarmupMomentum { get; init; } = 0.8;

    /// <summary>
    /// Learning rate of biases at the start of warm-up (<c>warmup_bias_lr</c>). Null takes 0.1 for SGD and its kin and 0 for an automatic
    /// optimiser and for Adam's kin, whose steps do not shrink with the gradient: 0.1 would throw the biases away.
    /// </summary>
    public double? WarmupBiasLearningRate { get; init; }

    /// <summary>Epochs without improvement after which the run ends; 0 never ends it (<c>patience</c>).</summary>
    public int Patience { get; init; } = 100;

    /// <summary>Epochs at the end that run without mosaic, mixup, cutmix and copy-paste; 0 keeps them (<c>close_mosaic</c>).</summary>
    public int CloseMosaic { get; init; } = 10;

    /// <summary>Threads that load and augment images; null lets the program choose (<c>workers</c>).</summary>
    public int? Workers { get; init; }

    /// <summary>Where decoded images are kept (<c>cache</c>).</summary>
    public ImageCacheMode Cache { get; init; } = ImageCacheMode.None;

    /// <summary>How training images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Augmented variants of each image, shown in turn epoch by epoch; null makes a new one every epoch.</summary>
    public int? AugmentationVariants { get; init; }

    /// <summary>
    /// Where the outputs of frozen first layers are kept between epochs. It needs a fixed number of variants of each image: no
    /// augmentation, or <see cref="AugmentationVariants"/>.
    /// </summary>
    public FeatureCacheMode FeatureCache { get; init; }

    /// <summary>The number format of activations (<c>amp</c> is true for all but float32).</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>The seed of everything random (<c>seed</c>).</summary>
    public long Seed { get; init; }

    /// <summary>The weights of the parts of the loss (<c>box</c>, <c>cls</c>, <c>dfl</c>).</summary>
    public LossGains Gains { get; init; } = new();

    /// <summary>The largest norm of the gradient of all parameters together.</summary>
    public double GradientNorm { get; init; } = 10;

    /// <summary>All classes are one (<c>single_cls</c>).</summary>
    public bool SingleClass { get; init; }

    /// <summary>Batches of images of alike aspect instead of squares (<c>rect</c>).</summary>
    public bool Rectangular { get; init; }

    /// <summary>Share of the training images that is used (<c>fraction</c>).</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>Validate after every epoch (<c>val</c>).</summary>
    public bool Validate { get; init; } = true;

    /// <summary>Draw pictures into the run folder (<c>plots</c>).</summary>
    public bool Plots { get; init; } = true;

    /// <summary>Keep a checkpoint every so many epochs; 0 or less keeps only last and best (<c>save_period</c>).</summary>
    public int SavePeriod { get; init; } = -1;

    /// <summary>Whose rules are followed where they differ.</summary>
    public TrainingRules Rules { get; init; } = TrainingRules.YoloTune;

    /// <summary>Whether an epoch, counted from 0, runs without mosaic and its kin.</summary>
    public bool ClosesMosaic(int epoch)
    {
        int first = Epochs - CloseMosaic;
        bool everCloses = CloseMosaic > 0 && (Rules == TrainingRules.YoloTune || first >= 0);
        return everCloses && epoch >= first;
    }

    /// <summary>The settings of the schedule of a run with these options.</summary>
    public ScheduleSettings ScheduleFor(OptimizerChoice choice, int batchesPerEpoch) => new()
    {
        Epochs = Epochs,
        BatchesPerEpoch = batchesPerEpoch,
        BatchSize = BatchSize,
        NominalBatchSize = NominalBatchSize,
        FinalShare = FinalLearningRate,
        Cosine = Cosine,
        WarmupEpochs = WarmupEpochs,
        WarmupBatches = WarmupBatches,
        WarmupShare = Rules == TrainingRules.Reference ? null : WarmupShare,
        WarmupMomentum = WarmupMomentum,
        Momentum = choice.WarmupMomentumTarget,
        WarmupBiasLearningRate = choice.WarmupBiasLearningRate,
    };
}
