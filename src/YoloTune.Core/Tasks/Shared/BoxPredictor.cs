using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Prediction;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Predictions of objects with boxes: images are letterboxed, boxes suppressed and brought back to the original. Tasks with more than boxes
/// derive from it.
/// </summary>
/// <param name="setup">The model and how to look.</param>
internal class BoxPredictor(PredictionSetup setup) : ITaskPredictor
{
    private readonly NmsOptions suppression = setup.Options.ToNmsOptions();

    /// <summary>The model and how to look.</summary>
    protected PredictionSetup Setup => setup;

    /// <inheritdoc/>
    public ImageBuffer Frame(ImageBuffer image, ImageInfo info)
    {
        (int height, int width) = setup.Frame;
        bool auto = setup.Options.Rectangular && setup.Inference.FixedSize is null;
        // The geometry follows the original: the decoder has to reduce a giant photograph.
        return Letterbox.Apply(image, Letterbox.Fit(info.Height, info.Width, height, width, auto: auto, stride: setup.Stride));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImagePrediction> Results(InferenceOutput output, IReadOnlyList<FramedImage> images)
    {
        IReadOnlyList<Detections> found = Select(output, suppression);
        return
        [
            .. images.Select((image, index) => new ImagePrediction(
                image.Path, image.Info.Height, image.Info.Width,
                Objects(image, found[index], output, index)) { LacksEnd = image.Info.LacksEnd }),
        ];
    }

    /// <inheritdoc/>
    public virtual void SavePicture(ImagePrediction prediction, string path) => DetectionPainter.Save(prediction.Path,
    [
        .. prediction.Detections.Select(d => new DrawnBox(
            (float)d.X1, (float)d.Y1, (float)d.X2, (float)d.Y2, d.ClassId, d.ClassName, (float)d.Confidence)),
    ], path);

    /// <inheritdoc/>
    public virtual string Text(ImagePrediction prediction) => LabelText.Format(prediction);

    /// <summary>Picks the detections of each image, best first, in pixels of the frame.</summary>
    protected virtual IReadOnlyList<Detections> Select(InferenceOutput output, NmsOptions options) =>
        BoxPostprocessor.Select(setup.Inference, output.Predictions, options);

    /// <summary>The objects of one image, in pixels of the original.</summary>
    /// <param name="image">The image.</param>
    /// <param name="found">Its detections, in pixels of the frame.</param>
    /// <param name="output">What the model gave for the batch.</param>
    /// <param name="index">The number of the image in the batch.</param>
    protected virtual IReadOnlyList<YoloDetection> Objects(FramedImage image, Detections found, InferenceOutput output, int index)
    {
        YoloDetection[] detections = new YoloDetection[found.Count];
        for (int d = 0; d < detections.Length; d++) detections[d] = ToDetection(image, found, d);
        return detections;
    }

    /// <summary>Box, class and score of a detection, in pixels of the original.</summary>
    protected YoloDetection ToDetection(FramedImage image, Detections found, int index)
    {
        float[] box = found.Box(index).ToArray();
        Letterbox.ToOriginal(box, image.Image.Height, image.Image.Width, image.Info.Height, image.Info.Width);
        int classId = found.ClassId(index);
        return new(image.Path, classId, setup.ClassNames[classId], found.Confidence(index), box[0], box[1], box[2], box[3])
        {
            ImageSize = setup.ImageSize,
        };
    }
}
