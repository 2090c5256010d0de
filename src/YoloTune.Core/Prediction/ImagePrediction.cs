namespace YoloTune.Prediction;

/// <summary>What was found on one image.</summary>
/// <param name="Path">The image.</param>
/// <param name="ImageHeight">Its rows as displayed.</param>
/// <param name="ImageWidth">Its columns as displayed.</param>
/// <param name="Detections">The objects, best first; empty when nothing was found.</param>
public sealed record ImagePrediction(string Path, int ImageHeight, int ImageWidth, IReadOnlyList<YoloDetection> Detections)
{
    /// <summary>Whether the file is a JPEG that stops before its end mark; its picture is whole all the same.</summary>
    public bool LacksEnd { get; init; }
}
