using YoloTune.Data;
using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>Draws a batch of images with its labels or with what a model predicts on it; each task has its own.</summary>
internal abstract class BatchPainter
{
    /// <summary>The score above which predictions are drawn.</summary>
    protected const double ShownConfidence = NmsOptions.PredictionConfidence;

    /// <summary>Writes the images with their labels as one picture.</summary>
    /// <param name="batch">The images and labels.</param>
    /// <param name="path">The picture to write.</param>
    public abstract void SaveLabels(ImageBatch batch, string path);

    /// <summary>Writes the images with what is predicted on them as one picture.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="results">What is predicted on each, in pixels of the batch's images.</param>
    /// <param name="path">The picture to write.</param>
    public abstract void SaveResults(ImageBatch batch, IReadOnlyList<ImageResult> results, string path);

    /// <summary>The names of the batch's files, for captions.</summary>
    protected static IReadOnlyList<string> Captions(ImageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. batch.Sources.Select(source => Path.GetFileName(source.Path))];
    }
}
