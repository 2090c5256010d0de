using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Tasks;
using YoloTune.Training;

namespace YoloTune.Runs.Stages;

/// <summary>Turns the recipe of a run into stages and rules.</summary>
internal static class PresetChoice
{
    // Beyond this many batches the default's larger steps are enough of them, and a step for every batch was not measured.
    private const long MostBatches = 5000;

    // A model of which less was transferred is not fine-tuned but trained.
    private const double LeastTransferred = 0.8;

    /// <summary>The options with a recipe that was named in the form of stages and rules; an automatic choice waits for the data.</summary>
    /// <exception cref="TrainingException">A recipe and stages are given at once.</exception>
    /// <exception cref="SelectionException">The run is too short for the recipe.</exception>
    public static RunOptions Named(RunOptions options)
    {
        if (options.Preset is TrainingPreset.Auto or TrainingPreset.Plain) return options;
        if (options.Stages.Count > 0)
        {
            throw new TrainingException($"the preset {options.Preset} and stages both say how the run goes.",
                remedy: "Leave one of them out; New-YoloStage -Preset gives the stages of a preset to change.");
        }
        TrainingOptions training = options.Training;
        return options.Preset == TrainingPreset.Reference
            ? options with { Preset = TrainingPreset.Plain, Training = training with { Rules = TrainingRules.Reference } }
            : With(options, options.Preset == TrainingPreset.FineTune ? StagePreset.FineTune : StagePreset.GradualUnfreeze);
    }

    /// <summary>The options with the automatic choice made.</summary>
    /// <param name="model">The model as the run begins with it.</param>
    /// <param name="options">The options.</param>
    /// <param name="batchesPerEpoch">Batches in an epoch.</param>
    /// <param name="hooks">Told of the choice.</param>
    public static RunOptions Automatic(YoloModel model, RunOptions options, int batchesPerEpoch, TrainingHooks hooks)
    {
        if (options.Preset != TrainingPreset.Auto) return options;
        int epochs = options.Training.Epochs;
        bool fits = options.Stages.Count == 0 && epochs >= StagePresets.FewestEpochs(StagePreset.FineTune)
            && (long)epochs * batchesPerEpoch <= MostBatches
            && YoloTask.ToTrain(model.Task, model.Name).FineTunesInStages && IsReclassed(model);
        if (!fits) return options with { Preset = TrainingPreset.Plain };
        RunOptions chosen = With(options, StagePreset.FineTune);
        hooks.Message?.Invoke($"The class rows are new and the other layers transferred, so the run follows the preset FineTune: "
            + $"{Counted.Of(chosen.Stages[0].Epochs, "epoch")} for the head alone, then everything. -Preset Plain trains all at once.");
        return chosen;
    }

    private static RunOptions With(RunOptions options, StagePreset preset)
    {
        IReadOnlyList<YoloStage> stages = StagePresets.Create(preset, options.Training.Epochs, options.Training.LearningRate);
        // An augmentation that was asked for stands; the preset varies sizes less only where nothing was said.
        if (options.Training.Augmentation.Scale != new TrainingOptions().Augmentation.Scale)
            stages = [.. stages.Select(stage => stage with { Augmentation = new Dictionary<string, string>() })];
        return options with { Preset = TrainingPreset.Plain, Stages = stages };
    }

    /// <summary>Whether class rows are new, nearly all else is transferred, and nothing is frozen or slowed down.</summary>
    private static bool IsReclassed(YoloModel model)
    {
        ModelItem[] items = [.. model.Items.Where(item => item is { IsBuffer: false, IsConstant: false })];
        return items.Any(item => item.HasClassRows && item.Origin != Origin.Transferred)
            && items.Count(item => item.Origin == Origin.Transferred) >= LeastTransferred * items.Length
            && items.All(item => item is { Frozen: false, LearningRateMultiplier: 1 });
    }
}
