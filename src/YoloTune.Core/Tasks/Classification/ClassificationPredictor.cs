using System.Globalization;
using YoloTune.Drawing;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Prediction;

namespace YoloTune.Tasks.Classification;

/// <summary>Predictions of the class of whole images: the middle of the image is looked at, and the five best classes are given.</summary>
/// <param name="setup">The model and how to look.</param>
internal sealed class ClassificationPredictor(PredictionSetup setup) : ITaskPredictor
{
    /// <inheritdoc/>
    public ImageBuffer Frame(ImageBuffer image, ImageInfo info) => CentreCrop.Apply(image, setup.Frame.Height, setup.Frame.Width);

    /// <inheritdoc/>
    public IReadOnlyList<ImagePrediction> Results(InferenceOutput output, IReadOnlyList<FramedImage> images) =>
    [
        .. images.Zip(ScoreTable.Read(output.Predictions), (image, scores) =>
            new ImagePrediction(image.Path, image.Info.Height, image.Info.Width, [])
            {
                LacksEnd = image.Info.LacksEnd,
                Classification =
                    new(image.Path, scores.Best.Select(id => new ClassScore(id, setup.ClassNames[id], scores.Of(id))).ToArray())
                {
                    ImageSize = setup.ImageSize,
                },
            }),
    ];

    /// <inheritdoc/>
    public void SavePicture(ImagePrediction prediction, string path) => ClassListPainter.Save(
        prediction.Path, [.. prediction.Classification!.Top5.Select(score => (score.ClassId, score.ToString()))], path);

    /// <inheritdoc/>
    public string Text(ImagePrediction prediction) => string.Concat(prediction.Classification!.Top5.Select(score =>
        score.Confidence.ToString("F2", CultureInfo.InvariantCulture) + " " + score.ClassName + "\n"));
}
