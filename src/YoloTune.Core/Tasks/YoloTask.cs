using YoloTune.Basics;
using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Training;

namespace YoloTune.Tasks;

/// <summary>
/// A task that is trained and measured here. What turns outputs and predictions into losses and measures comes from it; everything else of a
/// run passes names and values on without knowing the task.
/// </summary>
public abstract class YoloTask : NetworkTask, IEvaluatedTask
{
    /// <summary>The parts of the loss, in the order that results.csv has them.</summary>
    public abstract IReadOnlyList<string> LossNames { get; }

    /// <summary>The measures, by the reference's column names, in the order that results.csv has them.</summary>
    public abstract IReadOnlyList<string> MeasureNames { get; }

    /// <summary>What the fitness of an epoch is, such as mAP50-95.</summary>
    public virtual string FitnessName => "fitness";

    /// <summary>A loss for a network; its anchor points follow the batches it is given.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Epochs and gains.</param>
    internal abstract ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options);

    /// <summary>The measures of an evaluation by their names; those that could not be measured are left out.</summary>
    public abstract IReadOnlyDictionary<string, double> MeasuresOf(YoloMetrics metrics);

    /// <summary>An evaluator without images.</summary>
    internal abstract ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options);

    /// <summary>The task as one that is trained here.</summary>
    /// <param name="task">What a model predicts.</param>
    /// <param name="model">The model, for the message.</param>
    /// <exception cref="TrainingException">Models of this task are not trained here.</exception>
    public static YoloTask ToTrain(NetworkTask task, string model) => task as YoloTask ?? throw new TrainingException(
        $"{model} is a model for {task}, and only models for {string.Join(", ", All.OfType<YoloTask>())} are trained here.",
        remedy: "Take a detection model, such as yolo11n.pt.");

    ITaskEvaluator IEvaluatedTask.CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        CreateEvaluator(classNames, options);
}
