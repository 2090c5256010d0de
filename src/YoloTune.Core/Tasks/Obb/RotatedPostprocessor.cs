using TorchSharp;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Inference;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>Turns the predictions of models for oriented boxes, however they are laid out, into the detections of each image.</summary>
internal static class RotatedPostprocessor
{
    /// <summary>Picks the detections of each image, best first: rows of x, y, width, height, confidence, class, angle.</summary>
    /// <param name="inference">What made the predictions.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="options">Thresholds and limits.</param>
    public static Detections[] Select(IInference inference, torch.Tensor predictions, NmsOptions options) => inference.Layout switch
    {
        PredictionLayout.Rows => EndToEndDetections.FromRows(predictions, options),
        PredictionLayout.EndToEndAnchors => EndToEndDetections.FromAnchors(predictions, inference.ClassCount, options),
        _ => RotatedSuppression.Run(predictions, inference.ClassCount, options),
    };

    /// <summary>A detection's box, in the pixels of its row.</summary>
    public static OrientedBox Box(Detections found, int index)
    {
        ReadOnlySpan<float> row = found.Row(index);
        return new(row[0], row[1], row[2], row[3], row[Detections.FixedColumns]);
    }
}
