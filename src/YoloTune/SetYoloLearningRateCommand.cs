using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Sets how fast parts of a model learn compared with the rest: discriminative learning rates.</summary>
[Cmdlet(VerbsCommon.Set, "YoloLearningRate", DefaultParameterSetName = "Part", SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class SetYoloLearningRateCommand : YoloCmdlet
{
    /// <summary>The model to change, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;

    /// <summary>Layers by index.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Layer")]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public int[] Layer { get; set; } = [];

    /// <summary>Whole parts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Part")]
    public LayerPart[] Part { get; set; } = [];

    /// <summary>Parameters by name; wildcards are allowed, and a pattern that matches nothing is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Items by where their values came from.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Origin")]
    public Origin[] Origin { get; set; } = [];

    /// <summary>Everything.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>The factor on the learning rate; 1 is the rate as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Layer")]
    [Parameter(Mandatory = true, ParameterSetName = "Part")]
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [Parameter(Mandatory = true, ParameterSetName = "Origin")]
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public double Multiplier { get; set; }

    /// <summary>The factor from one layer to the one before it, from the head backwards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LayerDecay")]
    public double LayerDecay { get; set; }

    /// <summary>The least factor that layer decay goes down to.</summary>
    [Parameter(ParameterSetName = "LayerDecay")]
    public double Minimum { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        LearningRateSelection selection = ParameterSetName == "LayerDecay"
            ? LearningRateSelection.Decay(LayerDecay, Minimum)
            : LearningRateSelection.Of(new() { Layers = Layer, Parts = Part, Names = Name, Origins = Origin, All = All }, Multiplier);
        LearningRatePlan plan = selection.Resolve(Model);
        if (ShouldProcess(Model.ToString(), plan.Summary)) plan.Apply();
        WriteVerbose(plan.Summary);
        WriteObject(Model);
    }
}
