using System.Globalization;
using System.Text;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Pose;

/// <summary>Predictions of objects with keypoints.</summary>
internal sealed class PosePredictor(PredictionSetup setup) : BoxPredictor(setup)
{
    private readonly int keypoints = setup.Shape?.Count ?? 0, dimensions = setup.Shape?.Values ?? KeypointShape.Values;

    /// <inheritdoc/>
    public override void SavePicture(ImagePrediction prediction, string path) =>
        DetectionPainter.Save(prediction.Path, [.. prediction.Detections.Select(Drawn)], path);

    /// <summary>Class, box and points of each object, and how sure the model is of the points, where it says so.</summary>
    public override string Text(ImagePrediction prediction) => Format(prediction, withConfidence: false);

    /// <summary>The rows of an image's text file.</summary>
    internal static string Format(ImagePrediction prediction, bool withConfidence)
    {
        double width = prediction.ImageWidth, height = prediction.ImageHeight;
        StringBuilder text = new();
        foreach (YoloDetection found in prediction.Detections)
        {
            ImagePrediction alone = prediction with { Detections = [found] };
            text.Append(LabelText.Format(alone).TrimEnd('\n'));
            foreach (YoloKeypoint point in found.Keypoints ?? [])
            {
                text.Append(CultureInfo.InvariantCulture, $" {point.X / width:G6} {point.Y / height:G6}");
                if (point.Confidence is { } confidence) text.Append(CultureInfo.InvariantCulture, $" {confidence:G6}");
            }
            if (withConfidence) text.Append(CultureInfo.InvariantCulture, $" {found.Confidence:G6}");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>
    /// Points x, y and whatever follows in the frame of the network, in pixels of the original, in place and cut to the image.
    /// </summary>
    /// <param name="points">The values of the points, one after the other.</param>
    /// <param name="dimensions">Values of a point.</param>
    /// <param name="frameHeight">Rows of the frame.</param>
    /// <param name="frameWidth">Columns of the frame.</param>
    /// <param name="height">Rows of the original.</param>
    /// <param name="width">Columns of the original.</param>
    internal static void ToOriginal(Span<float> points, int dimensions, int frameHeight, int frameWidth, int height, int width)
    {
        (double gain, double padX, double padY) = Letterbox.Placement(frameHeight, frameWidth, height, width);
        for (int i = 0; i + 1 < points.Length; i += dimensions)
        {
            points[i] = (float)Math.Clamp((points[i] - padX) / gain, 0, width);
            points[i + 1] = (float)Math.Clamp((points[i + 1] - padY) / gain, 0, height);
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<YoloDetection> Objects(FramedImage image, Detections found, InferenceOutput output, int index)
    {
        YoloDetection[] detections = new YoloDetection[found.Count];
        for (int d = 0; d < detections.Length; d++)
        {
            float[] points = found.Row(d)[Detections.FixedColumns..].ToArray();
            ToOriginal(points, dimensions, image.Image.Height, image.Image.Width, image.Info.Height, image.Info.Width);
            detections[d] = ToDetection(image, found, d) with { Keypoints = Named(points, found.ClassId(d)) };
        }
        return detections;
    }

    private YoloKeypoint[] Named(float[] points, int classId)
    {
        IReadOnlyList<string>? names = Setup.KeypointNames.GetValueOrDefault(classId)
            ?? Setup.KeypointNames.GetValueOrDefault(0) ?? Skeleton.NamesOf(Setup.ClassNames[classId], keypoints);
        return
        [
            .. Enumerable.Range(0, keypoints).Select(k => new YoloKeypoint(
                names is not null && k < names.Count ? names[k] : k.ToString(CultureInfo.InvariantCulture),
                points[dimensions * k], points[(dimensions * k) + 1],
                dimensions == KeypointShape.Values ? points[(dimensions * k) + 2] : null)),
        ];
    }

    private DrawnBox Drawn(YoloDetection found)
    {
        IReadOnlyList<YoloKeypoint> points = found.Keypoints ?? [];
        return new((float)found.X1, (float)found.Y1, (float)found.X2, (float)found.Y2, found.ClassId, found.ClassName,
            (float)found.Confidence)
        {
            Points =
            [
                .. points.Select((point, k) => new DrawnPoint(
                    (float)point.X, (float)point.Y, !(point.Confidence < Skeleton.ShownConfidence), Skeleton.Colour(k, points.Count))),
            ],
            Lines = Skeleton.Lines(points.Count),
        };
    }
}
