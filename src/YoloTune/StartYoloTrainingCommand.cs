using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Data.Features;
using YoloTune.Devices;
using YoloTune.Images;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Stages;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Commands;

/// <summary>Trains a model on labelled images and returns it with its best weights.</summary>
[Cmdlet(VerbsLifecycle.Start, "YoloTraining", DefaultParameterSetName = PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class StartYoloTrainingCommand : TrainingCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string PositionSet = "Position";
    private static readonly TrainingOptions Defaults = new();

    /// <summary>The model to train, or the path of a checkpoint; the very object is changed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PositionSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PipelineSet)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;

    /// <summary>The dataset: its YAML file, or a folder that holds one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = PositionSet)]
    [Alias("Path", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Data { get; set; } = "";

    /// <summary>Times the whole dataset is seen.</summary>
    [Parameter]
    public int Epochs { get; set; } = Defaults.Epochs;

    /// <summary>Side of the square that images are fitted into, in pixels; the model's own when not given.</summary>
    [Parameter]
    public int? ImageSize { get; set; }

    /// <summary>Images a batch.</summary>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>Images whose gradients make one step; smaller batches are accumulated; 0 makes a step of every batch.</summary>
    [Parameter]
    public int NominalBatchSize { get; set; } = Defaults.NominalBatchSize;

    /// <summary>The optimiser; Auto chooses it by the length of the run.</summary>
    [Parameter]
    public OptimizerKind Optimizer { get; set; } = Defaults.Optimizer;

    /// <summary>The initial learning rate; one that is given always wins.</summary>
    [Parameter]
    public double? LearningRate { get; set; }

    /// <summary>What the learning rate falls towards, as a share of the initial one.</summary>
    [Parameter]
    public double FinalLearningRate { get; set; } = Defaults.FinalLearningRate;

    /// <summary>Momentum of SGD, first beta of Adam.</summary>
    [Parameter]
    public double Momentum { get; set; } = Defaults.Momentum;

    /// <summary>Decay of weights.</summary>
    [Parameter]
    public double WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>Epochs in which the learning rate rises from 0.</summary>
    [Parameter]
    public double WarmupEpochs { get; set; } = Defaults.WarmupEpochs;

    /// <summary>Let the learning rate fall along half a cosine in place of a straight line.</summary>
    [Parameter]
    public SwitchParameter Cosine { get; set; }

    /// <summary>Epochs without improvement after which the run ends; 0 never ends it early.</summary>
    [Parameter]
    public int Patience { get; set; } = Defaults.Patience;

    /// <summary>Stages from New-YoloStage, run one after the other in one run; they say how many epochs it has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public YoloStage[]? Stage { get; set; }

    /// <summary>A second dataset whose images are mixed in, so that classes learned before are not lost; classes are matched by name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReplayData { get; set; }

    /// <summary>Images of the second dataset an epoch shows for each image of the first.</summary>
    [Parameter]
    public double ReplayRatio { get; set; } = new RunOptions { Data = "" }.ReplayRatio;

    /// <summary>Augmentation by the reference's names, in any case: @{ mosaic = 0.5; degrees = 10 }.</summary>
    [Parameter]
    [AugmentationTransformation]
    public AugmentationSettings? Augmentation { get; set; }

    /// <summary>Augmented variants of each image, shown in turn; without it every epoch makes new ones.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int? AugmentationVariants { get; set; }

    /// <summary>Where the outputs of frozen first layers are kept between epochs.</summary>
    [Parameter]
    public FeatureCacheMode FeatureCache { get; set; }

    /// <summary>Epochs at the end that run without mosaic and its kin.</summary>
    [Parameter]
    public int CloseMosaic { get; set; } = Defaults.CloseMosaic;

    /// <summary>Threads that load and augment images; chosen by the machine when not given.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int? Workers { get; set; }

    /// <summary>Where decoded images are kept between epochs.</summary>
    [Parameter]
    public ImageCacheMode Cache { get; set; }

    /// <summary>The number format of activations; weights are float32 always.</summary>
    [Parameter]
    public Precision Precision { get; set; } = Defaults.Precision;

    /// <summary>Where to train: cpu, cuda or cuda:0; where the model is when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Device { get; set; }

    /// <summary>Seed of everything random.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>The run's folder; a number is put behind it when it is taken.</summary>
    [Parameter]
    public string OutputPath { get; set; } = System.IO.Path.Combine("runs", "train");

    /// <summary>Do not measure after each epoch; the last weights count as the best.</summary>
    [Parameter]
    public SwitchParameter NoValidation { get; set; }

    /// <summary>Do not draw pictures into the run's folder.</summary>
    [Parameter]
    public SwitchParameter NoPlots { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Stage is not null && MyInvocation.BoundParameters.ContainsKey(nameof(Epochs)))
        {
            throw new TrainingException("-Epochs and -Stage both say how long the run is.", remedy: "Leave out -Epochs: every stage has its own.");
        }
        if (Device is not null) _ = YoloDevice.Parse(Device);
        RunOptions options = new()
        {
            Stages = Stage ?? [],
            ReplayData = ReplayData is null ? null : Paths.One(ReplayData),
            ReplayRatio = ReplayRatio,
            Data = Paths.One(Data),
            OutputPath = Paths.OutputFolder(OutputPath),
            Training = Defaults with
            {
                Augmentation = AugmentationTable.ToOptions(Augmentation),
                AugmentationVariants = AugmentationVariants,
                FeatureCache = FeatureCache,
                Cache = Cache,
                Epochs = Epochs,
                ImageSize = ImageSize ?? Model.ImageSize,
                BatchSize = BatchSize,
                NominalBatchSize = NominalBatchSize,
                Optimizer = Optimizer,
                LearningRate = LearningRate,
                FinalLearningRate = FinalLearningRate,
                Momentum = Momentum,
                WeightDecay = WeightDecay,
                WarmupEpochs = WarmupEpochs,
                // The least number of batches is for those who leave warm-up to the program.
                WarmupBatches = MyInvocation.BoundParameters.ContainsKey(nameof(WarmupEpochs)) ? 0 : Defaults.WarmupBatches,
                Cosine = Cosine,
                Patience = Patience,
                CloseMosaic = CloseMosaic,
                Workers = Workers,
                Precision = Precision,
                Seed = Seed,
                Validate = !NoValidation,
                Plots = !NoPlots,
            },
        };
        if (!ShouldProcess(Model.ToString(), $"Train for {Stage?.Sum(stage => stage.Epochs) ?? Epochs} epochs on '{options.Data}'")) return;
        if (Device is not null) Model.MoveTo(Device);
        WriteObject(Drive($"Training {Model}", (hooks, cancellation) => Trainer.Start(Model, options, hooks, cancellation)));
    }
}
