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

    /// <summary>The class of the image as a whole; null where objects are predicted.</summary>
    public YoloClassification? Classification { get; init; }

    /// <summary>What a person gets: the objects, or the class of the image.</summary>
    public IReadOnlyList<object> Results => Classification is { } whole ? new object[] { whole } : Detections;
}
