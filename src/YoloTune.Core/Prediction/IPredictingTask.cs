using YoloTune.Basics;
using YoloTune.Networks;

namespace YoloTune.Prediction;

/// <summary>A task whose models predict on image files.</summary>
internal interface IPredictingTask
{
    /// <summary>What the task does between image files and results.</summary>
    ITaskPredictor CreatePredictor(PredictionSetup setup);

    /// <summary>The task as one that predicts; of a task that does not, but has upright boxes, the boxes are predicted.</summary>
    /// <param name="task">What a model predicts.</param>
    /// <param name="source">The model, for the message.</param>
    /// <exception cref="ModelFormatException">Neither is possible.</exception>
    static IPredictingTask Of(NetworkTask task, string? source) =>
        task as IPredictingTask ?? (task.PredictsUprightBoxes ? NetworkTask.Default as IPredictingTask : null)
        ?? throw new ModelFormatException(
            $"the model's task is {task}, and such models cannot be used for predictions here.", source,
            remedy: $"Use a model for one of these tasks: {string.Join(", ", NetworkTask.All.Where(other => other is IPredictingTask))}.");
}
