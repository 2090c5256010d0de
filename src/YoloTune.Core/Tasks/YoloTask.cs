using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks;

/// <summary>
/// A task that is trained and measured here. What turns outputs and predictions into losses and measures comes from it; everything else of
/// a
/// run passes names and values on without knowing the task.
/// </summary>
public abstract class YoloTask : NetworkTask, IEvaluatedTask, IPredictingTask
{
    /// <summary>The parts of the loss, in the order that results.csv has them.</summary>
    public abstract IReadOnlyList<string> LossNames { get; }

    /// <summary>The parts of the loss of a network, where its head has more of them than others of the task.</summary>
    internal virtual IReadOnlyList<string> LossNamesOf(YoloNetwork network) => LossNames;

    /// <summary>The measures, by the reference's column names, in the order that results.csv has them.</summary>
    public abstract IReadOnlyList<string> MeasureNames { get; }

    /// <summary>What the fitness of an epoch is, such as mAP50-95.</summary>
    public virtual string FitnessName => MeasureColumns.FitnessTitle(MeasureNames);

    /// <summary>
    /// Whether a short run of a model with new class rows goes better in stages, the head first; true where that was measured.
    /// </summary>
    public virtual bool FineTunesInStages => false;

    /// <summary>A loss for a network; its anchor points follow the batches it is given.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Epochs and gains.</param>
    internal abstract ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options);

    /// <summary>What the rows of the task's label files hold.</summary>
    public virtual LabelRowKind LabelRows => LabelRowKind.Boxes;

    /// <summary>What the task's labels are, for a dataset.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="options">What training makes of the labels.</param>
    /// <exception cref="DatasetException">The description lacks what the task needs.</exception>
    internal virtual TaskLabels LabelsFor(DatasetDescription description, TrainingOptions options) => TaskLabels.Boxes;

    /// <summary>The names of the options of training that not every task has a use for and this one has.</summary>
    internal virtual IReadOnlyList<string> OwnOptions => [];

    /// <summary>Refuses a dataset whose objects are not those that a model predicts.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="model">The model's name, for the message.</param>
    /// <param name="shape">What the model predicts for an object, where that can differ.</param>
    /// <exception cref="DatasetException">They do not go together.</exception>
    public virtual void CheckShape(DatasetDescription description, string model, HeadShape? shape)
    {
        // Boxes have one shape.
    }

    /// <summary>An evaluator without images.</summary>
    internal abstract ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options);

    /// <summary>What the task does between image files and results.</summary>
    internal virtual ITaskPredictor CreatePredictor(PredictionSetup setup) => new BoxPredictor(setup);

    /// <summary>What was predicted on an image of a batch, in pixels of the original.</summary>
    internal virtual IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame) =>
        ResultObjects.Of((Detections)result, frame);

    /// <summary>The lines between the keypoints of an object, to be drawn; null for none.</summary>
    internal virtual IReadOnlyList<DrawnLine>? LinesOf(int keypoints) => null;

    /// <summary>The lines between the keypoints of an object of whatever task, by their number; null for none.</summary>
    internal static IReadOnlyList<DrawnLine>? LinesBetween(int keypoints) =>
        All.OfType<YoloTask>().Select(task => task.LinesOf(keypoints)).FirstOrDefault(lines => lines is not null);

    /// <summary>What draws batches of images with labels and predictions.</summary>
    internal virtual BatchPainter CreatePainter(IReadOnlyList<string> classNames) => new BoxBatchPainter(classNames);

    /// <summary>The task as one that is trained here.</summary>
    /// <param name="task">What a model predicts.</param>
    /// <param name="model">The model, for the message.</param>
    /// <exception cref="TrainingException">Models of this task are not trained here.</exception>
    public static YoloTask ToTrain(NetworkTask task, string model) => task as YoloTask ?? throw new TrainingException(
        $"{model} is a model for {task}, and only models for {string.Join(", ", All.OfType<YoloTask>())} are trained here.",
        remedy: "Take a detection model, such as yolo11n.pt.");

    ITaskEvaluator IEvaluatedTask.CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        CreateEvaluator(classNames, options);

    TaskLabels IEvaluatedTask.LabelsFor(DatasetDescription description) => LabelsFor(description, new());

    IReadOnlyList<ImageObject> IEvaluatedTask.ObjectsOf(ImageResult result, ResultFrame frame) => ObjectsOf(result, frame);

    ITaskPredictor IPredictingTask.CreatePredictor(PredictionSetup setup) => CreatePredictor(setup);
}
