using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Networks;

namespace YoloTune.Inference;

/// <summary>Makes detectors ready for inference.</summary>
internal static class DetectorInference
{
    /// <summary>Makes a detector ready.</summary>
    /// <exception cref="ModelFormatException">It does not predict upright boxes, or its file cannot be read.</exception>
    /// <exception cref="SelectionException">The number format is not available.</exception>
    public static IInference Open(IYoloDetector detector, bool fuse, Precision precision) => detector switch
    {
        YoloModel model => new InferenceNetwork(model.Network, fuse, precision),
        OnnxModel file => new OnnxInference(file, precision),
        _ => throw new ArgumentException($"A {detector.GetType().Name} cannot be run.", nameof(detector)),
    };

    /// <summary>Refuses tasks whose predictions are no upright boxes.</summary>
    /// <exception cref="ModelFormatException">The predictions are no upright boxes.</exception>
    public static void RequireUprightBoxes(NetworkTask task, string? source)
    {
        if (task.PredictsUprightBoxes) return;
        throw new ModelFormatException(
            $"the model's task is {task}, and only models that predict upright boxes can be used here.", source,
            remedy: "Use a detection, segmentation or pose model.");
    }
}
