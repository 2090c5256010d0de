using YoloTune.Basics;
using YoloTune.Devices;

namespace YoloTune.Evaluation;

/// <summary>How a model is evaluated. The defaults are those figures of other tools are measured with.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The split of the dataset: val, train or test.</summary>
    public string Split { get; init; } = "val";

    /// <summary>
    /// The longer side the images are fitted into, in pixels; null takes the model's own. The settings of a result have the size that was
    /// used, a multiple of the model's stride.
    /// </summary>
    public int? ImageSize { get; init; }

    /// <summary>Images in a forward pass.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Detections must have a greater score, 0-1.</summary>
    public double Confidence { get; init; } = NmsOptions.EvaluationConfidence;

    /// <summary>The overlap above which the weaker of two detections of a class is dropped, 0-1.</summary>
    public double IoU { get; init; } = NmsOptions.DefaultIoU;

    /// <summary>The most detections of an image.</summary>
    public int MaxDetections { get; init; } = NmsOptions.DefaultMaxDetections;

    /// <summary>Batches of images of similar shape, padded as little as possible, instead of squares.</summary>
    public bool Rectangular { get; init; } = true;

    /// <summary>Boxes suppress each other whatever their classes.</summary>
    public bool AgnosticSuppression { get; init; }

    /// <summary>Only where an object is counts, not what it is: labels and detections all become class 0.</summary>
    public bool SingleClass { get; init; }

    /// <summary>
    /// Convolutions and BatchNorms are folded into each other in a copy of the network, which is faster and gives the same numbers.
    /// </summary>
    public bool Fuse { get; init; } = true;

    /// <summary>The number format of the forward pass.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Whether images and kernels are laid out with channels last. Off only where measurements want the slower layout.</summary>
    internal bool ChannelsLast { get; init; } = true;

    /// <summary>Threads that read images ahead of the network.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Only these class ids are predicted and their labels looked at; null for all.</summary>
    public IReadOnlyList<int>? Classes { get; init; }

    /// <summary>
    /// Classes that are new to the model: <see cref="YoloMetrics.Groups"/> tells them and all others apart. Null tells nothing apart.
    /// </summary>
    public IReadOnlyList<int>? NewClasses { get; init; }

    /// <summary>The suppression these options ask for.</summary>
    public NmsOptions ToNmsOptions() => new()
    {
        Confidence = Confidence,
        IoU = IoU,
        MaxDetections = MaxDetections,
        MultiLabel = true,
        Agnostic = AgnosticSuppression || SingleClass,
        Classes = SingleClass ? null : Classes,
    };

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Split}, {ImageSize} pixels, {Precision}, batch {BatchSize}, confidence {Confidence}, IoU {IoU}");
}
