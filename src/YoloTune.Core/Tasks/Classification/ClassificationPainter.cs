using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;

namespace YoloTune.Tasks.Classification;

/// <summary>Draws batches of images with their classes: a frame in the colour of the class, with its name.</summary>
/// <param name="classNames">A name for every class.</param>
internal sealed class ClassificationPainter(IReadOnlyList<string> classNames) : BatchPainter
{
    /// <inheritdoc/>
    public override void SaveLabels(ImageBatch batch, string path) => Save(
        batch, [.. BatchClasses.Of(batch, (int)batch.Images.shape[0])
            .Select(id => id is { } known ? Frame(batch, known, null) : null)], path);

    /// <inheritdoc/>
    public override void SaveResults(ImageBatch batch, IReadOnlyList<ImageResult> results, string path) =>
        Save(batch, [.. results.Cast<ClassScores>().Select(scores => Frame(batch, scores.Best[0], scores.Of(scores.Best[0])))], path);

    private static void Save(ImageBatch batch, IReadOnlyList<DrawnBox?> frames, string path) =>
        BatchMosaicPicture.Save(batch.Images, [.. frames.Select(frame => frame is null ? Array.Empty<DrawnBox>() : [frame])], path,
            Captions(batch));

    private DrawnBox Frame(ImageBatch batch, int classId, float? confidence) =>
        new(0, 0, batch.Images.shape[3], batch.Images.shape[2], classId, classNames[classId], confidence);
}
