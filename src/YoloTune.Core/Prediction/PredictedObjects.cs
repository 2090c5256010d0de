using YoloTune.Evaluation;

namespace YoloTune.Prediction;

/// <summary>Predictions as objects that can be drawn.</summary>
internal static class PredictedObjects
{
    /// <summary>A detection.</summary>
    public static ImageObject Of(YoloDetection found)
    {
        IReadOnlyList<ImagePoint>? outline = found.Mask?.Polygon ?? found.Corners;
        return new(found.ClassId, found.ClassName, found.X1, found.Y1, found.X2, found.Y2)
        {
            Confidence = found.Confidence,
            Outline = outline is { Count: > 2 } ? [.. outline.SelectMany(point => (float[])[(float)point.X, (float)point.Y])] : null,
            IsMask = found.Mask is not null,
            Points = found.Keypoints is { } points
                ? [.. points.SelectMany(point => (float[])[(float)point.X, (float)point.Y, point.Confidence < 0.25 ? 0 : 1])] : null,
        };
    }

    /// <summary>The class of a whole image.</summary>
    public static ImageObject Of(YoloClassification found) =>
        new(found.ClassId, found.Top1, 0, 0, 0, 0) { Confidence = found.Top1Confidence, IsWhole = true };
}
