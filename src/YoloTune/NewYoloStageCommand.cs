using System.Collections;
using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Runs.Stages;
using YoloTune.Training.Optimizers;

namespace YoloTune.Commands;

/// <summary>Makes a stage of a run, or the stages of a known recipe.</summary>
[Cmdlet(VerbsCommon.New, "YoloStage", DefaultParameterSetName = StageSet)]
[OutputType(typeof(YoloStage))]
public sealed class NewYoloStageCommand : YoloCmdlet
{
    private const string StageSet = "Stage";
    private const string PresetSet = "Preset";

    /// <summary>A known recipe; it gives several stages.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PresetSet)]
    public StagePreset Preset { get; set; }

    /// <summary>Epochs of the stage, or of all stages of the recipe together.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(1, 1_000_000)]
    public int Epochs { get; set; }

    /// <summary>The initial learning rate; the run's when not given.</summary>
    [Parameter]
    public double? LearningRate { get; set; }

    /// <summary>The stage's name in the records of the run.</summary>
    [Parameter(ParameterSetName = StageSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What is frozen; as it is on the model when not given.</summary>
    [Parameter(ParameterSetName = StageSet)]
    [FreezeTransformation]
    [ArgumentCompleter(typeof(FreezeCompleter))]
    public FreezeSelection? Freeze { get; set; }

    /// <summary>Leave just these classes' rows of the class outputs trainable.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public string[]? ExceptClass { get; set; }

    /// <summary>Let BatchNorm layers of frozen layers go on learning their statistics.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public SwitchParameter TrainBatchNorm { get; set; }

    /// <summary>Factor on all learning rates where the classes turn out to be close to what the model knows.</summary>
    [Parameter(ParameterSetName = StageSet)]
    [ValidateRange(0.0, 1.0)]
    public double? FamiliarFactor { get; set; }

    /// <summary>Factor on the learning rate of new and remapped items.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? NewMultiplier { get; set; }

    /// <summary>Factor on the learning rate of items that were copied whole.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? TransferredMultiplier { get; set; }

    /// <summary>Factors on the learning rates of whole parts: @{ Backbone = 0.1; Neck = 0.5 }.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public Hashtable? PartMultiplier { get; set; }

    /// <summary>The factor from one layer to the one before it, from the head backwards.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? LayerDecay { get; set; }

    /// <summary>The least factor that layer decay goes down to.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double LayerDecayMinimum { get; set; }

    /// <summary>The optimiser; the run's when not given.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public OptimizerKind? Optimizer { get; set; }

    /// <summary>The learning rate at the end of the schedule, as a fraction of the initial one.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? FinalLearningRate { get; set; }

    /// <summary>Let the learning rate fall along half a cosine instead of a straight line.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public SwitchParameter Cosine { get; set; }

    /// <summary>Epochs in which the learning rate rises from 0.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? WarmupEpochs { get; set; }

    /// <summary>Images whose gradients make one step; smaller batches are accumulated; 0 makes a step of every batch.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public int? NominalBatchSize { get; set; }

    /// <summary>Decay of weights.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public double? WeightDecay { get; set; }

    /// <summary>Augmentation by the reference's names; what is not named is as the run has it.</summary>
    [Parameter(ParameterSetName = StageSet)]
    [AugmentationTransformation]
    public AugmentationSettings? Augmentation { get; set; }

    /// <summary>Epochs at the stage's end without mosaic, mixup, cutmix and copy-paste.</summary>
    [Parameter(ParameterSetName = StageSet)]
    [ValidateRange(0, 1_000_000)]
    public int? CloseMosaic { get; set; }

    /// <summary>How the learning rate follows on that of the stage before.</summary>
    [Parameter(ParameterSetName = StageSet)]
    public StageSchedule Schedule { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == PresetSet)
        {
            WriteObject(StagePresets.Create(Preset, Epochs, LearningRate), enumerateCollection: true);
            return;
        }
        if (Freeze is null && (ExceptClass is not null || TrainBatchNorm))
        {
            throw new SelectionException("-ExceptClass and -TrainBatchNorm say how -Freeze is meant, and it is not there.",
                remedy: "Give -Freeze All, for example.");
        }
        WriteObject(new YoloStage
        {
            Name = Name ?? "",
            Epochs = Epochs,
            Freeze = Freeze is null ? null : Freeze with { ExceptClasses = ExceptClass ?? [], TrainBatchNorm = TrainBatchNorm },
            LearningRate = LearningRate,
            FamiliarFactor = FamiliarFactor,
            NewMultiplier = NewMultiplier,
            TransferredMultiplier = TransferredMultiplier,
            PartMultiplier = Parts(PartMultiplier),
            LayerDecay = LayerDecay,
            LayerDecayMinimum = LayerDecayMinimum,
            Optimizer = Optimizer,
            FinalLearningRate = FinalLearningRate,
            Cosine = MyInvocation.BoundParameters.ContainsKey(nameof(Cosine)) ? Cosine : null,
            WarmupEpochs = WarmupEpochs,
            NominalBatchSize = NominalBatchSize,
            WeightDecay = WeightDecay,
            Augmentation = AugmentationTable.Read(Augmentation),
            CloseMosaic = CloseMosaic,
            Schedule = Schedule,
        });
    }

    private static Dictionary<LayerPart, double> Parts(Hashtable? table)
    {
        Dictionary<LayerPart, double> factors = [];
        foreach (DictionaryEntry entry in table ?? [])
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            if (!Enum.TryParse(name, ignoreCase: true, out LayerPart part) || !Enum.IsDefined(part))
                throw new SelectionException($"'{name}' is no part of a model.", remedy: "The parts are Backbone, Neck and Head.");
            try
            {
                factors[part] =
                    Convert.ToDouble(entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value, CultureInfo.InvariantCulture);
            }
            catch (Exception error) when (error is FormatException or InvalidCastException)
            {
                throw new SelectionException($"the factor of {part} is no number: '{entry.Value}'.", remedy: "Write @{ Backbone = 0.1 }.",
                    inner: error);
            }
        }
        return factors;
    }
}
