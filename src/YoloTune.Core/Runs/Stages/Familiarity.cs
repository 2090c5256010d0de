using System.Globalization;
using YoloTune.Runs.Records;

namespace YoloTune.Runs.Stages;

/// <summary>
/// How well the transferred layers suit a dataset, told by the fitness that a stage reaches in which they are frozen. High rates help where
/// they do not suit it, and destroy what they know where they do: of a one-class set near COCO the head alone reached 0.42, of sketched
/// interface elements 0.01, and the best rates after it differ by a factor of two to four.
/// </summary>
internal static class Familiarity
{
    private const double Foreign = 0.1, Familiar = 0.35, Unknown = 0.5;

    /// <summary>From 0, foreign, to 1, familiar; a half where nothing was measured.</summary>
    public static double Of(double? fitness) =>
        fitness is double reached ? Math.Clamp((reached - Foreign) / (Familiar - Foreign), 0, 1) : Unknown;

    /// <summary>The factor on the learning rates of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="epochs">The epochs done so far, at least those before the stage.</param>
    public static double RateFactor(PlannedStage stage, IReadOnlyList<YoloEpoch> epochs) =>
        stage is { FirstEpoch: > 0, Definition.FamiliarFactor: double least }
            ? Math.Pow(least, Of(epochs[stage.FirstEpoch - 1].Fitness))
            : 1;

    /// <summary>What was decided and why, in a sentence; null where there was nothing to decide.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="epochs">The epochs done so far.</param>
    /// <param name="fitnessName">What the fitness is, such as mAP50-95.</param>
    public static string? Describe(PlannedStage stage, IReadOnlyList<YoloEpoch> epochs, string fitnessName)
    {
        if (stage is not { FirstEpoch: > 0, Definition.FamiliarFactor: not null }) return null;
        string factor = RateFactor(stage, epochs).ToString("0.00", CultureInfo.InvariantCulture);
        return epochs[stage.FirstEpoch - 1].Fitness is not double reached
            ? "Without validation nothing shows how close the classes are to what the model knows: "
                + $"everything learns at {factor} of the rate."
            : string.Create(CultureInfo.InvariantCulture, $"The head alone reached {fitnessName} {reached:0.000}: the classes are ")
                + (Of(reached) switch { 0 => "far from", 1 => "close to", _ => "some way from" })
                + $" what the model knows, so everything learns at {factor} of the rate.";
    }
}
