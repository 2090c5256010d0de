using YoloTune.Data;
using YoloTune.Inference;

namespace YoloTune.Evaluation;

/// <summary>Collects what the metrics of a task need, batch after batch.</summary>
internal interface ITaskEvaluator
{
    /// <summary>Images so far.</summary>
    int Images { get; }

    /// <summary>Compares a batch's predictions with its labels.</summary>
    /// <param name="batch">The images and labels.</param>
    /// <param name="inference">What made the predictions.</param>
    /// <param name="output">What the model gave.</param>
    /// <returns>What was predicted on each image.</returns>
    /// <exception cref="Basics.DatasetException">A label has a class that the model does not have.</exception>
    IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output);

    /// <summary>The metrics of all images so far.</summary>
    /// <param name="speed">How long the steps took, where that was measured.</param>
    /// <param name="losses">Mean losses by name, where a loss was computed.</param>
    YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses);
}
