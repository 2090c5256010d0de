using YoloTune.Training.Optimizers;


namespace YoloTune.Training.Schedule;

/// <summary>The optimiser of a run, resolved.</summary>
/// <param name="Kind">Never <see cref="OptimizerKind.Auto"/>.</param>
/// <param name="LearningRate">The initial learning rate.</param>
/// <param name="Momentum">Momentum, or the first beta.</param>
/// <param name="WarmupMomentumTarget">The momentum warm-up ends at; null where it leaves momentum alone.</param>
/// <param name="WarmupBiasLearningRate">The learning rate of biases at the first batch.</param>
/// <param name="Reason">How it came to this, in a sentence.</param>
public sealed record OptimizerChoice(
    OptimizerKind Kind, double LearningRate, double Momentum, double? WarmupMomentumTarget, double WarmupBiasLearningRate, string Reason);
