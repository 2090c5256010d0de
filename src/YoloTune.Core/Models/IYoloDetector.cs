using YoloTune.Networks;
using YoloTune.Networks.Heads;


namespace YoloTune.Models;

/// <summary>
/// What finds objects on images: a <see cref="YoloModel"/>, or an .onnx file (<see cref="YoloTune.Inference.OnnxModel"/>).
/// </summary>
public interface IYoloDetector
{
    /// <summary>The name, such as "yolo11n".</summary>
    string Name { get; }

    /// <summary>What is predicted.</summary>
    NetworkTask Task { get; }

    /// <summary>One name a class.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of classes.</summary>
    int ClassCount { get; }

    /// <summary>The coarsest stride in pixels: image sides are multiples of it.</summary>
    int Stride { get; }

    /// <summary>
    /// The longer side of images, in pixels, where none is asked for: what the model was trained or exported for, otherwise what its task
    /// is usually trained for.
    /// </summary>
    int ImageSize { get; }

    /// <summary>What is predicted for an object, where that can differ: how many keypoints; null for other tasks.</summary>
    HeadShape? Shape { get; }

    /// <summary>The names of the keypoints by class id, as far as they are known.</summary>
    IReadOnlyDictionary<int, IReadOnlyList<string>> KeypointNames { get; }
}
