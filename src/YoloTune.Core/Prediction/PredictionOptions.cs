using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Evaluation;

namespace YoloTune.Prediction;

/// <summary>How images are looked at.</summary>
public sealed record PredictionOptions
{
    /// <summary>
    /// The longer side the images are fitted into, in pixels, raised to a multiple of the network's largest stride; null takes the
    /// model's own.
    /// </summary>
    public int? ImageSize { get; init; }

    /// <summary>Images read, and where they come out equally large passed through the network, at once.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Detections must have a greater score, 0-1.</summary>
    public double Confidence { get; init; } = NmsOptions.PredictionConfidence;

    /// <summary>The overlap above which the weaker of two detections of a class is dropped, 0-1.</summary>
    public double IoU { get; init; } = NmsOptions.DefaultIoU;

    /// <summary>The most detections of an image.</summary>
    public int MaxDetections { get; init; } = NmsOptions.DefaultMaxDetections;

    /// <summary>Only these classes are wanted; null for all.</summary>
    public IReadOnlyCollection<int>? Classes { get; init; }

    /// <summary>Boxes suppress each other whatever their classes.</summary>
    public bool AgnosticSuppression { get; init; }

    /// <summary>Images are padded only up to the next multiple of the largest stride, not to a square.</summary>
    public bool Rectangular { get; init; } = true;

    /// <summary>Convolutions and BatchNorms are folded into each other in a copy of the network.</summary>
    public bool Fuse { get; init; } = true;

    /// <summary>Masks are made at the size of the original image, with finer edges, not at that of the picture the network looks at.</summary>
    public bool RetinaMasks { get; init; }

    /// <summary>The number format of the forward pass.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The suppression these options ask for.</summary>
    public NmsOptions ToNmsOptions() => new()
    {
        Confidence = Confidence,
        IoU = IoU,
        MaxDetections = MaxDetections,
        Classes = Classes,
        Agnostic = AgnosticSuppression,
    };
}
