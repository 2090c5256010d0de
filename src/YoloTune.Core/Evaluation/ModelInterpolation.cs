using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Models;
using YoloTune.Models.Merging;

namespace YoloTune.Evaluation;

/// <summary>
/// The line from a model to what fine-tuning made of it, measured on the new images and on the old ones (Wortsman et al. 2022, "Robust
/// fine-tuning of zero-shot models"): between the ends there often is a model that knows both.
/// </summary>
public static class ModelInterpolation
{
    /// <summary>Makes and measures the models of the given weights, one after the other.</summary>
    /// <param name="original">The model before fine-tuning; classes that it lacks are the tuned model's at every weight.</param>
    /// <param name="tuned">The model after it.</param>
    /// <param name="weights">Fractions of the tuned model, 0 to 1.</param>
    /// <param name="newData">
    /// The data the model was tuned on: BatchNorm statistics are estimated from its training images, figures measured on its validation
    /// images.
    /// </param>
    /// <param name="oldData">Data of the old classes, or null: <see cref="InterpolatedModel.OldMAP"/> is then null. Its training images are
    /// mixed into the statistics in the proportion of the original model's weight.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="SelectionException">A weight is not between 0 and 1, or the models do not fit together.</exception>
    /// <exception cref="DatasetException">A dataset cannot be read, or names no class of the model.</exception>
    public static IEnumerable<InterpolatedModel> Run(
        YoloModel original, YoloModel tuned, IReadOnlyList<double> weights, string newData, string? oldData, EvaluationOptions options,
        CancellationToken cancellation = default)
    {
        if (weights.Any(weight => !(weight is >= 0 and <= 1)))
        {
            throw new SelectionException(
                "a weight between two models is a fraction from 0 to 1.", remedy: "Give weights such as 0, 0.5, 1.");
        }
        options = options with { ImageSize = options.ImageSize ?? tuned.ImageSize };
        NormStatistics? statistics = null;
        foreach (double weight in weights)
        {
            YoloModel model = ModelMerge.Average([original, tuned], [1 - weight, weight]);
            // The ends are models as they were trained; what lies between has seen no image yet.
            if (weight is > 0 and < 1)
            {
                statistics ??= new(model, oldData is null ? [newData] : [newData, oldData], options.ImageSize, cancellation);
                statistics.Estimate(model, [weight, 1 - weight], cancellation);
            }
            YoloMetrics found = Measure(model, newData, ClassesOf(model, newData), options, cancellation);
            int[] known = [.. Enumerable.Range(0, model.ClassCount).Where(id => original.ClassNames.Contains(model.ClassNames[id]))];
            YoloMetrics? kept = oldData is null ? null : Measure(model, oldData, known, options, cancellation);
            yield return new(weight, found.MAP, found.MAP50, kept?.MAP, kept?.MAP50, model);
        }
    }

    private static YoloMetrics Measure(
        YoloModel model, string data, int[]? classes, EvaluationOptions options, CancellationToken cancellation) =>
        ModelEvaluation.Measure(model, data, options with { Classes = classes }, cancellation: cancellation);

    /// <summary>The model's classes that the data names; null where its names fit the model by position alone.</summary>
    private static int[]? ClassesOf(YoloModel model, string data)
    {
        HashSet<string> named = [.. DatasetDescription.Load(data).Names];
        int[] classes = [.. Enumerable.Range(0, model.ClassCount).Where(id => named.Contains(model.ClassNames[id]))];
        return classes.Length == 0 ? null : classes;
    }
}
