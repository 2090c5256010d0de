using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Evaluation;

/// <summary>A task whose models can be measured.</summary>
internal interface IEvaluatedTask
{
    /// <summary>An evaluator without images.</summary>
    /// <param name="classNames">A name for every class.</param>
    /// <param name="options">How to measure.</param>
    ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options);

    /// <summary>What the task's labels are, for a dataset.</summary>
    TaskLabels LabelsFor(DatasetDescription description);

    /// <summary>Refuses a dataset whose objects are not those that a model predicts.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="model">The model's name, for the message.</param>
    /// <param name="shape">What the model predicts for an object, where that can differ.</param>
    /// <exception cref="DatasetException">They do not go together.</exception>
    void CheckShape(DatasetDescription description, string model, HeadShape? shape);

    /// <summary>What was predicted on an image of a batch, in pixels of the original.</summary>
    /// <param name="result">What the task's evaluator gave.</param>
    /// <param name="frame">How the image lies in the batch.</param>
    IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame);

    /// <summary>The task as one that can be measured; of a task that is not, but predicts boxes, the boxes are measured.</summary>
    /// <exception cref="ModelFormatException">Neither is possible.</exception>
    static IEvaluatedTask Of(NetworkTask task) =>
        task as IEvaluatedTask ?? (task.PredictsUprightBoxes ? NetworkTask.Default as IEvaluatedTask : null)
        ?? throw new ModelFormatException(
            $"Models for {task} are not measured here.",
            remedy: $"Use a model for one of these tasks: {string.Join(", ", NetworkTask.All.Where(other => other is IEvaluatedTask))}.");
}
