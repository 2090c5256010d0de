using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Tasks;
using YoloTune.Tasks.Shared;

namespace YoloTune.Commands;

/// <summary>Measures precision, recall and mean average precision of a model on labelled images.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "YoloModel", DefaultParameterSetName = YoloModelCmdlet.PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloMetrics))]
public sealed class MeasureYoloModelCommand : DetectorCmdlet
{
    private static readonly EvaluationOptions Defaults = new();

    /// <summary>The dataset: its YAML file, or a folder that holds one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = YoloModelCmdlet.PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = YoloModelCmdlet.PositionSet)]
    [ValidateNotNullOrEmpty]
    public string Data { get; set; } = "";

    /// <summary>Which split to measure on.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitCompleter))]
    public string Split { get; set; } = Defaults.Split;

    /// <summary>Images per forward pass.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>Detections below this score are ignored; 0.001 is what mean average precision is usually measured with.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Confidence { get; set; } = Defaults.Confidence;

    /// <summary>Overlap above which the weaker of two boxes of a class is suppressed.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double IoU { get; set; } = Defaults.IoU;

    /// <summary>Use square batches in place of batches shaped like their images.</summary>
    [Parameter]
    public SwitchParameter Square { get; set; }

    /// <summary>Only these classes are predicted and looked at; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    public string[]? Class { get; set; }

    /// <summary>Classes that are new to the model: the result tells them and the old ones apart. Wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    public string[]? NewClass { get; set; }

    /// <summary>Take all classes for one.</summary>
    [Parameter]
    public SwitchParameter SingleClass { get; set; }

    /// <summary>A folder to draw the confusion matrix, the curves and the first batches to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Replace pictures in the output folder that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        // Asked before the measurement, which takes long.
        PictureFolder? folder = OutputPath is null ? null : new(Paths.OutputFolder(OutputPath), Force);
        folder?.Require(MeasuredPictures.Matrix);
        if (folder is not null && !ShouldProcess(folder.Path, "Draw the measurement")) folder = null;
        string data = Paths.One(Data);
        EvaluationOptions options = Defaults with
        {
            Split = Split,
            ImageSize = SizeToUse(),
            BatchSize = BatchSize,
            Confidence = Confidence,
            IoU = IoU,
            Rectangular = !Square,
            SingleClass = SingleClass,
            Classes = ClassIds(Class),
            NewClasses = ClassIds(NewClass),
            Precision = Precision,
        };
        WriteObject(RunOnWorker(messages =>
        {
            MeasuredPictures? pictures = folder is null ? null
                : new((YoloTask)IEvaluatedTask.Of(Model.Task), SingleClass ? DatasetOptions.SingleClassNames : Model.ClassNames, Split,
                    folder.Draw);
            YoloMetrics metrics = ModelEvaluation.Measure(Model, data, options, pictures is null ? null : pictures.Batch,
                problems => messages.Warning(DatasetProblems.Summary(problems)),
                new EvaluationProgressSink(messages, $"Measuring {Model}"), messages.Cancellation);
            pictures?.Measures(metrics);
            return metrics;
        }));
    }
}
