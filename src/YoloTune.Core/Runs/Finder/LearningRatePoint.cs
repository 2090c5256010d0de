namespace YoloTune.Runs.Finder;

/// <summary>One step of a learning-rate sweep.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The loss of its batches before the step: box, class and distribution together.</param>
/// <param name="Smoothed">The loss smoothed over the steps before and after it.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss, double Smoothed);
