using System.Globalization;
using System.Text;
using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>Predictions of objects with oriented boxes.</summary>
internal sealed class ObbPredictor(PredictionSetup setup) : BoxPredictor(setup)
{
    /// <inheritdoc/>
    public override void SavePicture(ImagePrediction prediction, string path) =>
        DetectionPainter.Save(prediction.Path, [.. prediction.Detections.Select(Drawn)], path);

    /// <summary>Class and corners of each object; the rows are labels again.</summary>
    public override string Text(ImagePrediction prediction) => Format(prediction, withConfidence: false);

    /// <summary>The rows of an image's text file.</summary>
    internal static string Format(ImagePrediction prediction, bool withConfidence)
    {
        double width = prediction.ImageWidth, height = prediction.ImageHeight;
        StringBuilder text = new();
        foreach (YoloDetection found in prediction.Detections)
        {
            text.Append(CultureInfo.InvariantCulture, $"{found.ClassId}");
            foreach (ImagePoint corner in found.Corners ?? [])
                text.Append(CultureInfo.InvariantCulture, $" {corner.X / width:G6} {corner.Y / height:G6}");
            if (withConfidence) text.Append(CultureInfo.InvariantCulture, $" {found.Confidence:G6}");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>A box in the frame of the network, in pixels of the original; nothing is cut.</summary>
    /// <param name="box">The box.</param>
    /// <param name="frameHeight">Rows of the frame.</param>
    /// <param name="frameWidth">Columns of the frame.</param>
    /// <param name="height">Rows of the original.</param>
    /// <param name="width">Columns of the original.</param>
    internal static OrientedBox ToOriginal(OrientedBox box, int frameHeight, int frameWidth, int height, int width)
    {
        (double gain, double padX, double padY) = Letterbox.Placement(frameHeight, frameWidth, height, width);
        (padX, padY) = (Math.Round(padX - 0.1), Math.Round(padY - 0.1));
        return new(
            (float)((box.X - padX) / gain), (float)((box.Y - padY) / gain), (float)(box.Width / gain),
            (float)(box.Height / gain), box.Angle);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Detections> Select(InferenceOutput output, NmsOptions options) =>
        RotatedPostprocessor.Select(Setup.Inference, output.Predictions, options);

    /// <inheritdoc/>
    protected override IReadOnlyList<YoloDetection> Objects(FramedImage image, Detections found, InferenceOutput output, int index)
    {
        YoloDetection[] detections = new YoloDetection[found.Count];
        for (int d = 0; d < detections.Length; d++)
        {
            OrientedBox box = ToOriginal(
                RotatedPostprocessor.Box(found, d), image.Image.Height, image.Image.Width, image.Info.Height, image.Info.Width);
            float[] c = box.Corners();
            int classId = found.ClassId(d);
            detections[d] = new(
                image.Path, classId, Setup.ClassNames[classId], found.Confidence(d),
                Math.Min(Math.Min(c[0], c[2]), Math.Min(c[4], c[6])), Math.Min(Math.Min(c[1], c[3]), Math.Min(c[5], c[7])),
                Math.Max(Math.Max(c[0], c[2]), Math.Max(c[4], c[6])), Math.Max(Math.Max(c[1], c[3]), Math.Max(c[5], c[7])))
            {
                ImageSize = Setup.ImageSize,
                Corners = [new(c[0], c[1]), new(c[2], c[3]), new(c[4], c[5]), new(c[6], c[7])],
                Angle = Folded(box.Angle),
            };
        }
        return detections;
    }

    /// <summary>The same direction from -pi/4 to below 3/4 pi: YOLO26 predicts angles without bounds.</summary>
    private static double Folded(double angle) => angle - (Math.PI * Math.Floor((angle + (Math.PI / 4)) / Math.PI));

    private static DrawnBox Drawn(YoloDetection found) =>
        new((float)found.X1, (float)found.Y1, (float)found.X2, (float)found.Y2, found.ClassId, found.ClassName, (float)found.Confidence)
        {
            Corners = [.. (found.Corners ?? []).Select(corner => new DrawnPoint((float)corner.X, (float)corner.Y))],
        };
}
