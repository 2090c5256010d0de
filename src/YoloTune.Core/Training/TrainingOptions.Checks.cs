using YoloTune.Basics;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Training;

public sealed partial record TrainingOptions
{
    /// <summary>Checks every value. Returns the options themselves, so that a call can be chained.</summary>
    /// <exception cref="TrainingException">A value is out of its range; the message names option, value and range.</exception>
    /// <exception cref="SelectionException">An augmentation's value is out of its range.</exception>
    public TrainingOptions Checked()
    {
        foreach (TrainingOption option in TrainingOption.All) option.Check(this);
        Augmentation.Validate();
        return this;
    }

    /// <summary>
    /// The options by the reference's names, as args.yaml holds them: numbers, booleans and lower-case strings. What was decided
    /// automatically stands there as decided when <paramref name="choice"/> is given.
    /// </summary>
    public IReadOnlyDictionary<string, object> ToArguments(OptimizerChoice? choice = null)
    {
        TrainingOptions decided = this with
        {
            LearningRate = choice?.LearningRate ?? LearningRate ?? SgdLearningRate,
            Momentum = choice?.Momentum ?? Momentum,
            WarmupBiasLearningRate = choice?.WarmupBiasLearningRate ?? WarmupBiasLearningRate ?? AutomaticOptimizer.BiasLearningRate,
        };
        Dictionary<string, object> arguments = new(StringComparer.Ordinal);
        foreach (TrainingOption option in TrainingOption.All)
        {
            if (option.Argument is { } name) arguments[name] = option.ArgumentOf(decided);
        }
        // The reference writes optimisers as they are spelled, and only "auto" in lower case.
        if (choice is not null || Optimizer != OptimizerKind.Auto) arguments["optimizer"] = (choice?.Kind ?? Optimizer).ToString();
        arguments["amp"] = Precision != Precision.Float32;
        foreach ((string name, object value) in Augmentation.ToDictionary()) arguments[name] = value;
        return arguments;
    }
}
