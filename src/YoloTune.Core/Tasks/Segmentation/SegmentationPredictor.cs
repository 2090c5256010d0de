using System.Globalization;
using System.Text;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Predictions of objects with masks. A detection whose mask has no pixel is left out, as in the reference.</summary>
/// <param name="setup">The model and how to look.</param>
internal sealed class SegmentationPredictor(PredictionSetup setup) : BoxPredictor(setup)
{
    /// <summary>The prototypes of an output.</summary>
    /// <exception cref="ModelFormatException">The model gives none.</exception>
    public static torch.Tensor PrototypesOf(InferenceOutput output) => output.Prototypes ?? throw new ModelFormatException(
        "the model's output has no prototypes, of which masks are made.",
        remedy: "Give a segmentation model with both of its outputs; Export-YoloModel -Format Onnx without -EmbedNms writes them.");

    /// <inheritdoc/>
    public override void SavePicture(ImagePrediction prediction, string path) => DetectionPainter.Save(
        prediction.Path,
        [
            .. prediction.Detections.Select(d => new DrawnBox(
                (float)d.X1, (float)d.Y1, (float)d.X2, (float)d.Y2, d.ClassId, d.ClassName, (float)d.Confidence)),
        ],
        path,
        [.. prediction.Detections.Where(d => d.Mask is not null).Select(d => DrawnMask.Of(d.Mask!.InImage(), d.ClassId))]);

    /// <summary>One line an object: the class and its outline, each coordinate divided by the image's width or height.</summary>
    public override string Text(ImagePrediction prediction)
    {
        StringBuilder text = new();
        foreach (YoloDetection detection in prediction.Detections)
        {
            text.Append(CultureInfo.InvariantCulture, $"{detection.ClassId}");
            foreach (ImagePoint point in detection.Mask!.Polygon)
            {
                (float x, float y) = ((float)point.X / prediction.ImageWidth, (float)point.Y / prediction.ImageHeight);
                text.Append(CultureInfo.InvariantCulture, $" {x:G6} {y:G6}");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<YoloDetection> Objects(FramedImage image, Detections found, InferenceOutput output, int index)
    {
        if (found.Count == 0) return [];
        MaskProjector projector = new(PrototypesOf(output)[index]);
        (int rows, int columns, int height, int width) = (image.Image.Height, image.Image.Width, image.Info.Height, image.Info.Width);
        bool native = Setup.Options.RetinaMasks;
        MaskFrame frame = native ? new(height, width, height, width) : new(rows, columns, height, width);
        YoloDetection[] objects = [.. Enumerable.Range(0, found.Count).Select(d => ToDetection(image, found, d))];
        MaskPatch[] masks = new MaskPatch[found.Count];
        Parallel.For(0, masks.Length, d => masks[d] = native
            ? Native(projector, found, d, objects[d], height, width)
            : Mask(projector, found, d, rows, columns));
        return
        [
            .. Enumerable.Range(0, masks.Length).Where(d => masks[d].Area > 0)
                .Select(d => objects[d] with { Mask = new YoloMask(masks[d], frame) }),
        ];
    }

    private static MaskPatch Native(MaskProjector projector, Detections found, int index, YoloDetection item, int height, int width) =>
        projector.Native(
            found.Row(index)[Detections.FixedColumns..], [(float)item.X1, (float)item.Y1, (float)item.X2, (float)item.Y2], found.Count, height,
            width);

    /// <summary>The mask of one detection in the picture that the network looked at.</summary>
    internal static MaskPatch Mask(MaskProjector projector, Detections found, int index, int rows, int columns)
    {
        ReadOnlySpan<float> box = found.Box(index);
        float scaleX = projector.Width / (float)columns, scaleY = projector.Height / (float)rows;
        return projector.Enlarged(
            found.Row(index)[Detections.FixedColumns..],
            [box[0] * scaleX, box[1] * scaleY, box[2] * scaleX, box[3] * scaleY], found.Count, rows, columns);
    }
}
