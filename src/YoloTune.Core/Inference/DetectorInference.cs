using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Models;

namespace YoloTune.Inference;

/// <summary>Makes detectors ready for inference.</summary>
internal static class DetectorInference
{
    /// <summary>Makes a detector ready.</summary>
    /// <exception cref="ModelFormatException">Its file cannot be read.</exception>
    /// <exception cref="SelectionException">The number format is not available.</exception>
    public static IInference Open(IYoloDetector detector, bool fuse, Precision precision) => detector switch
    {
        YoloModel model => new InferenceNetwork(model.Network, fuse, precision),
        OnnxModel file => new OnnxInference(file, precision),
        _ => throw new ArgumentException($"A {detector.GetType().Name} cannot be run.", nameof(detector)),
    };
}
