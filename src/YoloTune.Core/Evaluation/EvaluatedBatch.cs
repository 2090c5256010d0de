using YoloTune.Data;

namespace YoloTune.Evaluation;

/// <summary>A batch of an evaluation with what was detected on it; for those who draw it. Valid only while it is being shown.</summary>
/// <param name="Index">The number of the batch, from 0.</param>
/// <param name="Batch">The images and labels.</param>
/// <param name="Detections">The detections of every image, in pixels of the batch's images.</param>
internal sealed record EvaluatedBatch(int Index, ImageBatch Batch, IReadOnlyList<Detections> Detections);
