using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Sets which layers of a model keep their weights during training.</summary>
[Cmdlet(VerbsCommon.Set, "YoloFreeze", DefaultParameterSetName = "Part", SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class SetYoloFreezeCommand : YoloCmdlet
{
    /// <summary>The model to freeze, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;

    /// <summary>Freeze the first n layers, as <c>freeze=n</c> does in Ultralytics.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "First")]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Freeze layers by index.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Layer")]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public int[] Layer { get; set; } = [];

    /// <summary>Freeze whole parts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Part")]
    public LayerPart[] Part { get; set; } = [];

    /// <summary>Freeze parameters by name; wildcards are allowed, and a pattern that matches nothing is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Freeze items by where their values came from.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Origin")]
    public Origin[] Origin { get; set; } = [];

    /// <summary>Freeze everything.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>Freeze nothing: every weight trains.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "None")]
    public SwitchParameter None { get; set; }

    /// <summary>Leave just these classes' rows of the class outputs trainable.</summary>
    [Parameter(ParameterSetName = "First")]
    [Parameter(ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Part")]
    [Parameter(ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Origin")]
    [Parameter(ParameterSetName = "All")]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    public string[]? ExceptClass { get; set; }

    /// <summary>Let BatchNorm layers of frozen layers go on learning their statistics.</summary>
    [Parameter]
    public SwitchParameter TrainBatchNorm { get; set; }

    /// <summary>Add to what is frozen already.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        FreezeSelection selection = ParameterSetName switch
        {
            "First" => FreezeSelection.First(First),
            "Layer" => FreezeSelection.Layers(Layer),
            "Part" => FreezeSelection.Parts(Part),
            "Name" => FreezeSelection.Names(NamePattern.Parse(Name)),
            "Origin" => FreezeSelection.Origins(Origin),
            "All" => FreezeSelection.All(),
            _ => FreezeSelection.None(),
        };
        FreezePlan plan = (selection with { ExceptClasses = ExceptClass ?? [], TrainBatchNorm = TrainBatchNorm, Append = Append })
            .Resolve(Model);
        if (Model.Transfer is not null && plan.FrozenNewItems > 0)
        {
            WriteWarning($"{plan.FrozenNewItems} of the frozen items are new, not transferred: training cannot fix their random values.");
        }
        if (ShouldProcess(Model.ToString(), plan.Summary)) plan.Apply();
        WriteVerbose(plan.Summary);
        WriteObject(Model);
    }
}
