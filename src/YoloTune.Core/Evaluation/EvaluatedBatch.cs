using YoloTune.Data;

namespace YoloTune.Evaluation;

/// <summary>A batch of an evaluation with what was predicted on it, to be drawn. Valid only while it is being shown.</summary>
/// <param name="Index">The number of the batch, from 0.</param>
/// <param name="Batch">The images and labels.</param>
/// <param name="Results">What was predicted on each image, in pixels of the batch's images.</param>
internal sealed record EvaluatedBatch(int Index, ImageBatch Batch, IReadOnlyList<ImageResult> Results);
