using YoloTune.Basics;
using YoloTune.Networks;

namespace YoloTune.Tasks;

/// <summary>A task that is trained and measured here: what turns labels, outputs and predictions into losses, results and measures.</summary>
public abstract class YoloTask : NetworkTask
{
    /// <summary>The task as one that is trained here.</summary>
    /// <param name="task">What a model predicts.</param>
    /// <param name="model">The model, for the message.</param>
    /// <exception cref="TrainingException">Models of this task are not trained here.</exception>
    public static YoloTask ToTrain(NetworkTask task, string model) => task as YoloTask ?? throw new TrainingException(
        $"{model} is a model for {task}, and only models for {string.Join(", ", All.OfType<YoloTask>())} are trained here.",
        remedy: "Take a detection model, such as yolo11n.pt.");
}
