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
    private static readonly string[] OptionsOfPresets =
        [nameof(Optimizer), nameof(LearningRate), nameof(NominalBatchSize), nameof(WarmupEpochs), nameof(FeatureCache)];

    private static readonly TrainingOptions Defaults = new();

    /// <summary>The model to train, or the path of a checkpoint; the object itself is changed.</summary>
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

    /// <inheritdoc cref="TrainingOptions.Epochs"/>
    [Parameter]
    public int Epochs { get; set; } = Defaults.Epochs;

    /// <summary>Side of the square that images are fitted into, in pixels; the model's own when not given.</summary>
    [Parameter]
    public int? ImageSize { get; set; }

    /// <inheritdoc cref="TrainingOptions.BatchSize"/>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <inheritdoc cref="TrainingOptions.NominalBatchSize"/>
    [Parameter]
    public int NominalBatchSize { get; set; } = Defaults.NominalBatchSize;

    /// <inheritdoc cref="TrainingOptions.Optimizer"/>
    [Parameter]
    public OptimizerKind Optimizer { get; set; } = Defaults.Optimizer;

    /// <inheritdoc cref="TrainingOptions.LearningRate"/>
    [Parameter]
    public double? LearningRate { get; set; }

    /// <inheritdoc cref="TrainingOptions.FinalLearningRate"/>
    [Parameter]
    public double FinalLearningRate { get; set; } = Defaults.FinalLearningRate;

    /// <inheritdoc cref="TrainingOptions.Momentum"/>
    [Parameter]
    public double Momentum { get; set; } = Defaults.Momentum;

    /// <inheritdoc cref="TrainingOptions.WeightDecay"/>
    [Parameter]
    public double WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <inheritdoc cref="TrainingOptions.WarmupEpochs"/>
    [Parameter]
    public double WarmupEpochs { get; set; } = Defaults.WarmupEpochs;

    /// <inheritdoc cref="TrainingOptions.Cosine"/>
    [Parameter]
    public SwitchParameter Cosine { get; set; }

    /// <inheritdoc cref="TrainingOptions.Patience"/>
    [Parameter]
    public int Patience { get; set; } = Defaults.Patience;

    /// <summary>Stages from New-YoloStage, run one after the other in one run; they say how many epochs it has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public YoloStage[]? Stage { get; set; }

    /// <summary>The recipe of a run without -Stage; Auto takes FineTune for short runs of a re-classed detector, else Plain.</summary>
    [Parameter]
    public TrainingPreset Preset { get; set; }

    /// <summary>
    /// A second dataset whose images are mixed in, so that classes learned before are not lost; classes are matched by name.
    /// </summary>
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

    /// <inheritdoc cref="TrainingOptions.AugmentationVariants"/>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int? AugmentationVariants { get; set; }

    /// <inheritdoc cref="TrainingOptions.FeatureCache"/>
    [Parameter]
    public FeatureCacheMode FeatureCache { get; set; }

    /// <inheritdoc cref="TrainingOptions.CloseMosaic"/>
    [Parameter]
    public int CloseMosaic { get; set; } = Defaults.CloseMosaic;

    /// <inheritdoc cref="TrainingOptions.MaskRatio"/>
    [Parameter]
    public int MaskRatio { get; set; } = Defaults.MaskRatio;

    /// <summary>Train a segmentation model with a whole mask for each object instead of masks that cut each other.</summary>
    [Parameter]
    public SwitchParameter NoMaskOverlap { get; set; }

    /// <inheritdoc cref="TrainingOptions.Dropout"/>
    [Parameter]
    public double Dropout { get; set; } = Defaults.Dropout;

    /// <inheritdoc cref="TrainingOptions.Workers"/>
    [Parameter]
    [ValidateRange(1, 256)]
    public int? Workers { get; set; }

    /// <inheritdoc cref="TrainingOptions.Cache"/>
    [Parameter]
    public ImageCacheMode Cache { get; set; }

    /// <inheritdoc cref="TrainingOptions.Precision"/>
    [Parameter]
    public Precision Precision { get; set; } = Defaults.Precision;

    /// <summary>Where to train: cpu, cuda or cuda:0; where the model is when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Device { get; set; }

    /// <inheritdoc cref="TrainingOptions.Seed"/>
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
            throw new TrainingException("-Epochs and -Stage both say how long the run is.",
                remedy: "Leave out -Epochs: every stage has its own.");
        }
        if (Device is not null) _ = YoloDevice.Parse(Device);
        RunOptions options = new()
        {
            Stages = Stage ?? [],
            Preset = ChoosesForItself() ? TrainingPreset.Plain : Preset,
            ReplayData = ReplayData is null ? null : Paths.One(ReplayData),
            ReplayRatio = ReplayRatio,
            Data = Paths.One(Data),
            OutputPath = Paths.OutputFolder(OutputPath),
            Training = TrainingParameters.Read(this, Defaults) with
            {
                ImageSize = ImageSize ?? Model.ImageSize,
                Augmentation = AugmentationTable.ToOptions(Augmentation),
                // The least number of batches is for the default warm-up; one that is asked for is meant as it stands.
                WarmupBatches = MyInvocation.BoundParameters.ContainsKey(nameof(WarmupEpochs)) ? 0 : Defaults.WarmupBatches,
                OverlapMasks = !NoMaskOverlap,
                Validate = !NoValidation,
                Plots = !NoPlots,
            },
        };
        Trainer.Check(Model, options, Device);
        if (!ShouldProcess(Model.ToString(),
            $"Train for {Counted.Of(Stage?.Sum(stage => stage.Epochs) ?? Epochs, "epoch")} on '{options.Data}'"))
        {
            return;
        }
        if (Device is not null) Model.MoveTo(Device);
        WriteObject(Drive($"Training {Model}", (hooks, cancellation) => Trainer.Start(Model, options, hooks, cancellation)));
    }

    /// <summary>Whether an option was given that a preset would decide.</summary>
    private bool ChoosesForItself() => Preset == TrainingPreset.Auto
        && (Stage is not null || OptionsOfPresets.Any(MyInvocation.BoundParameters.ContainsKey));
}
