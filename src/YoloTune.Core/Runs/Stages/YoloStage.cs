using System.Globalization;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;

namespace YoloTune.Runs.Stages;

/// <summary>
/// One stage of a run: what is frozen, how fast what trains, and for how long. What a stage leaves open, null, is as the run has it. What
/// it freezes and multiplies holds for the stage alone: afterwards the model is as it was.
/// </summary>
public sealed record YoloStage
{
    /// <summary>
    /// The stage's name; it stands in every epoch's record and in results.csv. A run calls one without a name stage1, stage2 ...
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>The recipe it was made by; null for a stage of the user's own.</summary>
    public StagePreset? Preset { get; init; }

    /// <summary>Epochs of the stage.</summary>
    public required int Epochs { get; init; }

    /// <summary>What is frozen; null leaves it as it is on the model.</summary>
    public FreezeSelection? Freeze { get; init; }

    /// <summary>The initial learning rate; null for the run's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// Factor on all learning rates where the classes turn out to be close to what the transferred layers know; null for none. How close
    /// they are shows in the fitness that the stage before reached: see <see cref="Familiarity"/>.
    /// </summary>
    public double? FamiliarFactor { get; init; }

    /// <summary>Factor on the learning rate of new and remapped items, those with values that were initialised here.</summary>
    public double? NewMultiplier { get; init; }

    /// <summary>Factor on the learning rate of items that were copied whole.</summary>
    public double? TransferredMultiplier { get; init; }

    /// <summary>Factors on the learning rates of whole parts.</summary>
    public IReadOnlyDictionary<LayerPart, double> PartMultiplier { get; init; } = new Dictionary<LayerPart, double>();

    /// <summary>Factor from one layer to the one before it, from the head backwards; null for none.</summary>
    public double? LayerDecay { get; init; }

    /// <summary>The least factor that <see cref="LayerDecay"/> goes down to.</summary>
    public double LayerDecayMinimum { get; init; }

    /// <summary>The optimiser; null for the run's. Its state carries over from the stage before where the kind is the same.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>The learning rate at the end of the schedule, as a fraction of the initial one.</summary>
    public double? FinalLearningRate { get; init; }

    /// <summary>Half a cosine instead of a straight line.</summary>
    public bool? Cosine { get; init; }

    /// <summary>Epochs in which the learning rate rises from 0.</summary>
    public double? WarmupEpochs { get; init; }

    /// <summary>Images whose gradients make one step; 0 makes a step of every batch.</summary>
    public int? NominalBatchSize { get; init; }

    /// <summary>Decay of weights.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Augmentation by the reference's names; what is not named is as the run has it.</summary>
    public IReadOnlyDictionary<string, string> Augmentation { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Epochs at the stage's end without mosaic, mixup, cutmix and copy-paste; null counts from the run's end, by the run's option.
    /// </summary>
    public int? CloseMosaic { get; init; }

    /// <summary>How the learning rate follows on the stage before.</summary>
    public StageSchedule Schedule { get; init; }

    /// <summary>The learning-rate factors, one after the other; they multiply with each other and with those of the model.</summary>
    internal IEnumerable<LearningRateSelection> Rates()
    {
        if (LayerDecay is double decay) yield return LearningRateSelection.Decay(decay, LayerDecayMinimum);
        foreach ((LayerPart part, double factor) in PartMultiplier.OrderBy(entry => entry.Key))
            yield return LearningRateSelection.Of(new() { Parts = [part] }, factor);
        if (TransferredMultiplier is double transferred)
            yield return LearningRateSelection.Of(new() { Origins = [Origin.Transferred] }, transferred);
    }

    /// <summary>Freezes and multiplies on a model that is in the state the run began with.</summary>
    /// <exception cref="SelectionException">A selection matches nothing.</exception>
    internal void Apply(YoloModel model)
    {
        Freeze?.Resolve(model).Apply();
        foreach (LearningRateSelection rate in Rates()) rate.Resolve(model).ApplyOnTop();
        if (NewMultiplier is not double factor) return;
        List<Origin> origins =
            [.. ((Origin[])[Origin.New, Origin.Remapped])
                .Where(origin => model.Items.Any(item => !item.IsBuffer && item.Origin == origin))];
        if (origins.Count == 0)
        {
            // A recipe is written for models with new classes, and goes for those that have none as well.
            if (Preset is not null) return;
            throw new SelectionException($"the stage '{Name}' has a factor for new items, and {model} has none.",
                remedy: "Leave out -NewMultiplier, or give the model its classes with Set-YoloClass first.");
        }
        LearningRateSelection.Of(new() { Origins = origins }, factor).Resolve(model).ApplyOnTop();
    }

    /// <summary>Such as "head: 3 epochs, backbone and neck frozen, learning rate 0.002".</summary>
    public override string ToString()
    {
        List<string> words = [Counted.Of(Epochs, "epoch")];
        if (Freeze is not null) words.Add($"{Freeze} frozen");
        if (LearningRate is double rate) words.Add(string.Create(CultureInfo.InvariantCulture, $"learning rate {rate:0.########}"));
        if (Optimizer is { } kind) words.Add(kind.ToString());
        if (FamiliarFactor is double least)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"down to x {least:0.####} where classes are familiar"));
        foreach (LearningRateSelection selection in Rates()) words.Add(selection.ToString());
        if (NewMultiplier is double factor) words.Add(string.Create(CultureInfo.InvariantCulture, $"new items x {factor:0.####}"));
        if (NominalBatchSize is int images) words.Add(images == 0 ? "a step for every batch" : $"{Counted.Of(images, "image")} per step");
        if (WarmupEpochs is double warmup) words.Add(string.Create(CultureInfo.InvariantCulture, $"warm-up {warmup:0.##} epochs"));
        if (Schedule == StageSchedule.Continue) words.Add("schedule goes on");
        return $"{(Name.Length > 0 ? Name : "stage")}: {string.Join(", ", words)}";
    }
}
