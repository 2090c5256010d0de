namespace YoloTune.Evaluation;

/// <summary>What a model predicts on one image of a batch, in the frame of the batch; each task has its own kind.</summary>
internal abstract class ImageResult
{
    /// <summary>How many objects there are; 1 where the image as a whole is what is predicted.</summary>
    public abstract int Count { get; }
}
