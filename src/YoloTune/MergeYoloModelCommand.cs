using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Models.Merging;

namespace YoloTune.Commands;

/// <summary>Averages models, or measures what lies between a model and what fine-tuning made of it.</summary>
[Cmdlet(VerbsData.Merge, "YoloModel", DefaultParameterSetName = AverageSet)]
[OutputType(typeof(YoloModel), ParameterSetName = [AverageSet])]
[OutputType(typeof(InterpolatedModel), ParameterSetName = [BetweenSet])]
public sealed class MergeYoloModelCommand : YoloCmdlet
{
    private const string AverageSet = "Average", BetweenSet = "Between";
    private readonly List<YoloModel> models = [];

    /// <summary>The models to average, or the tuned model; paths of checkpoints are taken too.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransformation]
    [ValidateNotNullOrEmpty]
    public YoloModel[] Model { get; set; } = [];

    /// <summary>The model before fine-tuning, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BetweenSet)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Original { get; set; } = null!;

    /// <summary>
    /// Of a mean: one weight per model. With -Original: fractions of the tuned model from 0 to 1, each of which makes one model.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[]? Weight { get; set; }

    /// <summary>
    /// A dataset whose training images the BatchNorm statistics are estimated from; with -Original models are measured on it.
    /// </summary>
    [Parameter(ParameterSetName = AverageSet)]
    [Parameter(Mandatory = true, ParameterSetName = BetweenSet)]
    [ValidateNotNullOrEmpty]
    public string? Data { get; set; }

    /// <summary>A dataset of the classes that the original model knows, to measure what is left of them.</summary>
    [Parameter(ParameterSetName = BetweenSet)]
    [ValidateNotNullOrEmpty]
    public string? OldData { get; set; }

    /// <summary>Long side of the images as the network sees them, in pixels; the model's own when not given.</summary>
    [Parameter]
    [ValidateRange(32, 8192)]
    public int? ImageSize { get; set; }

    /// <inheritdoc/>
    protected override void Process() => models.AddRange(Model);

    /// <inheritdoc/>
    protected override void End()
    {
        string? data = Data is null ? null : Paths.One(Data);
        if (ParameterSetName == AverageSet) WriteObject(Average(data));
        else WriteCurve(data!, OldData is null ? null : Paths.One(OldData));
    }

    private YoloModel Average(string? data)
    {
        if (models.Count < 2)
        {
            throw new SelectionException("one model alone has no mean.",
                remedy: "Give several models, or the model before fine-tuning with -Original.");
        }
        return RunOnWorker(messages =>
        {
            YoloModel merged = ModelMerge.Average(models, Weight);
            if (data is null)
            {
                messages.Warning("BatchNorm statistics were averaged like weights. "
                    + "Give -Data to estimate them from images of your dataset.");
            }
            else new NormStatistics(merged, [data], ImageSize, messages.Cancellation).Estimate(merged, [1], messages.Cancellation);
            return merged;
        });
    }

    private void WriteCurve(string data, string? oldData)
    {
        if (models.Count != 1)
        {
            throw new SelectionException($"-Original goes with one tuned model, and {models.Count} were given.",
                remedy: "Average them first, or leave -Original out.");
        }
        double[] weights = Weight ?? [0, 0.25, 0.5, 0.75, 1];
        EvaluationOptions options = new() { ImageSize = ImageSize };
        using IEnumerator<InterpolatedModel> curve =
            ModelInterpolation.Run(Original, models[0], weights, data, oldData, options, Cancellation).GetEnumerator();
        while (RunOnWorker(_ => curve.MoveNext())) WriteObject(curve.Current);
    }
}
