using System.Globalization;
using YoloTune.Basics;
using YoloTune.Training.Optimizers;

namespace YoloTune.Training.Schedule;

/// <summary>Chooses optimiser and learning rate where the options leave it open.</summary>
internal static class AutomaticOptimizer
{
    /// <summary>Steps above which a run is long enough for MuSGD.</summary>
    public const int LongRun = 10000;

    /// <summary>The learning rate of biases at the start of warm-up, for SGD and MuSGD.</summary>
    public const double BiasLearningRate = 0.1;

    private const int NominalBatchSize = 64;
    private const double Momentum = 0.9, LongRunLearningRate = 0.01;

    /// <summary>Resolves optimiser, learning rate and momentum of a run.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="imageCount">Training images.</param>
    /// <param name="classCount">Classes of the model.</param>
    public static OptimizerChoice Choose(TrainingOptions options, int imageCount, int classCount)
    {
        bool reference = options.Rules == TrainingRules.Reference;
        if (options.Optimizer != OptimizerKind.Auto)
        {
            double rate = options.LearningRate ?? (reference ? options.SgdLearningRate : DefaultFor(options, options.Optimizer));
            double biasRate = options.WarmupBiasLearningRate
                ?? (reference || ParameterOptimizer.HasMomentum(options.Optimizer) ? BiasLearningRate : 0);
            return new(
                options.Optimizer, rate, options.Momentum, TargetFor(options.Optimizer, options.Momentum), biasRate,
                Text($"{options.Optimizer} as given, learning rate {rate} {(options.LearningRate is null ? "by default" : "as given")}."));
        }

        long steps = (long)Math.Ceiling(imageCount / (double)Math.Max(options.BatchSize, NominalBatchSize)) * options.Epochs;
        OptimizerKind kind = steps > LongRun ? OptimizerKind.MuSGD : OptimizerKind.AdamW;
        double automatic = kind == OptimizerKind.MuSGD ? LongRunLearningRate : Math.Round(0.002 * 5 / (4 + classCount), 6);
        double learningRate = reference ? automatic : options.LearningRate ?? automatic;
        string origin = learningRate == options.LearningRate ? "as given" : $"for {Counted.Of(classCount, "class")}";
        return new(
            kind, learningRate, Momentum, TargetFor(kind, reference ? options.Momentum : Momentum),
            reference ? 0 : options.WarmupBiasLearningRate ?? 0,
            Text($"{kind} for a {(kind == OptimizerKind.MuSGD ? "long" : "short")} run (by the rule's count {steps} batches of ")
                + Text($"{Math.Max(options.BatchSize, NominalBatchSize)}; up to {LongRun} take AdamW), ")
                + Text($"learning rate {learningRate} {origin}, momentum {Momentum}."));
    }

    private static double DefaultFor(TrainingOptions options, OptimizerKind kind) =>
        kind is OptimizerKind.SGD or OptimizerKind.MuSGD ? options.SgdLearningRate : options.AdamLearningRate;

    private static double? TargetFor(OptimizerKind kind, double momentum) => ParameterOptimizer.HasMomentum(kind) ? momentum : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
