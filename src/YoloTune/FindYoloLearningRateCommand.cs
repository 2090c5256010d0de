using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Data;
using YoloTune.Runs;
using YoloTune.Runs.Finder;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Commands;

/// <summary>
/// Finds a learning rate: it rises from step to step on real batches while the loss is watched. The model is left as it was.
/// </summary>
[Cmdlet(VerbsCommon.Find, "YoloLearningRate", DefaultParameterSetName = PositionSet)]
[OutputType(typeof(LearningRateSearch))]
public sealed class FindYoloLearningRateCommand : YoloModelCmdlet
{
    private static readonly TrainingOptions Defaults = new();
    private static readonly LearningRateSweep Range = new();

    /// <summary>The dataset: its YAML file, or a folder that holds one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [ValidateNotNullOrEmpty]
    public string Data { get; set; } = "";

    /// <summary>The learning rate of the first step.</summary>
    [Parameter]
    public double Minimum { get; set; } = Range.First;

    /// <summary>The learning rate of the last step.</summary>
    [Parameter]
    public double Maximum { get; set; } = Range.Last;

    /// <summary>Steps of the optimiser.</summary>
    [Parameter]
    public int Steps { get; set; } = Range.Steps;

    /// <summary>Side of the square that images are fitted into, in pixels; the model's own when not given.</summary>
    [Parameter]
    public int? ImageSize { get; set; }

    /// <inheritdoc cref="TrainingOptions.BatchSize"/>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>Images whose gradients make one step; smaller batches are accumulated; 0 makes a step of every batch.</summary>
    [Parameter]
    public int NominalBatchSize { get; set; }

    /// <summary>The optimiser to find a rate for; Auto is the one that a run of the usual length would take.</summary>
    [Parameter]
    public OptimizerKind Optimizer { get; set; } = Defaults.Optimizer;

    /// <inheritdoc cref="TrainingOptions.Momentum"/>
    [Parameter]
    public double Momentum { get; set; } = Defaults.Momentum;

    /// <inheritdoc cref="TrainingOptions.WeightDecay"/>
    [Parameter]
    public double WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>Augmentation by the reference's names, in any case: @{ mosaic = 0.5; degrees = 10 }.</summary>
    [Parameter]
    [AugmentationTransformation]
    public AugmentationSettings? Augmentation { get; set; }

    /// <inheritdoc cref="TrainingOptions.Workers"/>
    [Parameter]
    [ValidateRange(1, 256)]
    public int? Workers { get; set; }

    /// <inheritdoc cref="TrainingOptions.Precision"/>
    [Parameter]
    public Precision Precision { get; set; } = Defaults.Precision;

    /// <inheritdoc cref="TrainingOptions.Seed"/>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>A picture to draw the curve into.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Replace a picture that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        RunOptions options = new()
        {
            Data = Paths.One(Data),
            Training = TrainingParameters.Read(this, Defaults with { NominalBatchSize = 0 }) with
            {
                ImageSize = ImageSize ?? Model.ImageSize,
                Augmentation = AugmentationTable.ToOptions(Augmentation),
            },
        };
        LearningRateSweep sweep = new() { First = Minimum, Last = Maximum, Steps = Steps };
        string? plot = OutputPath is null ? null : PlotPath(Paths.OutputFile(OutputPath), options.Data);
        WriteObject(RunOnWorker(messages =>
        {
            TrainingHooks hooks = new()
            {
                Progress = new SweepProgressSink(messages, $"Finding a learning rate for {Model}"),
                Warning = messages.Warning,
                Message = messages.Verbose,
            };
            LearningRateSearch found = LearningRateFinder.Run(Model, options, sweep, hooks, messages.Cancellation);
            return plot is null || found.Points.Count == 0 ? found : found.Save(plot);
        }));
    }

    // Before the sweep, which takes minutes. Only a picture that is there can be one of the dataset.
    private string PlotPath(string path, string data)
    {
        IEnumerable<string> inputs = OutputGuard.IsTaken(path) ? DatasetDescription.Load(data).Files() : [];
        new OutputGuard(Force, inputs, "-OutputPath").Require(path);
        return path;
    }
}
