using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;

namespace YoloTune.Export;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Rows of the images, a multiple of the model's largest stride; of a dynamic file the size its metadata recommends.</summary>
    public int Height { get; init; } = ImageSizes.Usual;

    /// <summary>Columns of the images; as <see cref="Height"/>.</summary>
    public int Width { get; init; } = ImageSizes.Usual;

    /// <summary>Images a pass takes; a dynamic file takes any number.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Whether the number and size of the images are left open.</summary>
    public bool Dynamic { get; init; }

    /// <summary>
    /// Whether weights and arithmetic up to the head's outputs are float16. Images and results stay float32, and boxes are decoded in it.
    /// </summary>
    public bool Half { get; init; }

    /// <summary>
    /// Whether the file suppresses overlapping boxes itself. An end-to-end model needs no suppression and is written as always.
    /// </summary>
    public bool EmbedNms { get; init; }

    /// <summary>With <see cref="EmbedNms"/>: detections must have a greater score, 0-1.</summary>
    public double Confidence { get; init; } = NmsOptions.PredictionConfidence;

    /// <summary>With <see cref="EmbedNms"/>: the overlap above which the weaker of two boxes of a class is dropped, 0-1.</summary>
    public double IoU { get; init; } = NmsOptions.DefaultIoU;

    /// <summary>The most detections of an image, where the file picks them itself.</summary>
    public int MaxDetections { get; init; } = EndToEndSelection.DefaultMaxDetections;

    /// <summary>The defaults for a model: its own image size, raised to its stride.</summary>
    public static OnnxExportOptions For(YoloModel model)
    {
        int step = Math.Max(model.Stride, 1);
        int raised = (model.ImageSize + step - 1) / step * step;
        return new() { Height = raised, Width = raised };
    }
}
