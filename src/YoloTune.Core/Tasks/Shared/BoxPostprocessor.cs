using TorchSharp;
using YoloTune.Evaluation;
using YoloTune.Inference;

namespace YoloTune.Tasks.Shared;

/// <summary>Turns the predictions of detectors, however they are laid out, into the detections of each image.</summary>
internal static class BoxPostprocessor
{
    /// <summary>Picks the detections of each image, best first.</summary>
    /// <param name="inference">What made the predictions.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="options">Thresholds and limits.</param>
    public static Detections[] Select(IInference inference, torch.Tensor predictions, NmsOptions options) => inference.Layout switch
    {
        PredictionLayout.Rows => EndToEndDetections.FromRows(predictions, options),
        PredictionLayout.EndToEndAnchors => EndToEndDetections.FromAnchors(predictions, inference.ClassCount, options),
        _ => NonMaxSuppression.Run(predictions, inference.ClassCount, options),
    };
}
