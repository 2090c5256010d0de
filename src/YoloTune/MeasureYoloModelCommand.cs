using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Tasks.Shared;

namespace YoloTune.Commands;

/// <summary>Measures precision, recall and mean average precision of a model on labelled images.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "YoloModel", DefaultParameterSetName = YoloModelCmdlet.PositionSet)]
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

    /// <inheritdoc/>
    protected override void Process()
    {
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
        WriteObject(RunOnWorker(messages => ModelEvaluation.Measure(Model, data, options,
            problems => messages.Warning(DatasetProblems.Summary(problems)),
            new EvaluationProgressSink(messages, $"Measuring {Model}"), messages.Cancellation)));
    }

    private int[]? ClassIds(string[]? patterns)
    {
        if (patterns is null) return null;
        HashSet<string> names = NamePattern.Select(NamePattern.Parse(patterns), Model.ClassNames, "class");
        return [.. Enumerable.Range(0, Model.ClassCount).Where(id => names.Contains(Model.ClassNames[id]))];
    }
}
