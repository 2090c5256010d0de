using YoloTune.Basics;

namespace YoloTune.Runs.Finder;

/// <summary>The range of a learning-rate sweep.</summary>
public sealed record LearningRateSweep
{
    /// <summary>The rate of the first step.</summary>
    public double First { get; init; } = 1e-6;

    /// <summary>The rate of the last step.</summary>
    public double Last { get; init; } = 1;

    /// <summary>Steps of the optimiser.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>The rate of a step, from 0: a geometric series.</summary>
    public double RateOf(int step) => First * Math.Pow(Last / First, step / (double)(Steps - 1));

    /// <summary>Checks the range.</summary>
    /// <exception cref="TrainingException">The rates do not rise from above 0, or the steps are too few to tell a slope.</exception>
    public void Check()
    {
        if (!(First > 0 && Last > First && double.IsFinite(Last)))
        {
            throw new TrainingException(
                FormattableString.Invariant($"the learning rate cannot rise from {First} to {Last}."),
                remedy: "Give a first rate above 0 and a last one above that, such as 1e-6 and 1.");
        }
        if (Steps < 10)
            throw new TrainingException(FormattableString.Invariant($"{Steps} steps tell no slope."), remedy: "Give 10 steps or more.");
    }
}
