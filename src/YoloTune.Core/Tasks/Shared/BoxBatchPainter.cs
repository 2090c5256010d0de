using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;

namespace YoloTune.Tasks.Shared;

/// <summary>Draws batches with boxes. Tasks with more than boxes derive from it.</summary>
/// <param name="classNames">A name for every class.</param>
internal class BoxBatchPainter(IReadOnlyList<string> classNames) : BatchPainter
{
    /// <inheritdoc/>
    public override void SaveLabels(ImageBatch batch, string path)
    {
        BatchLabels labels = new(batch, singleClass: false);
        List<DrawnBox>[] images = [.. Enumerable.Range(0, (int)batch.Images.shape[0]).Select(_ => new List<DrawnBox>())];
        for (int image = 0; image < images.Length; image++)
        {
            ReadOnlySpan<float> boxes = labels.Boxes(image);
            ReadOnlySpan<int> classes = labels.Classes(image);
            for (int i = 0; i < classes.Length; i++)
            {
                ReadOnlySpan<float> box = boxes.Slice(4 * i, 4);
                images[image].Add(WithLabel(
                    new DrawnBox(box[0], box[1], box[2], box[3], classes[i], classNames[classes[i]]), labels.First(image) + i));
            }
        }
        BatchMosaicPicture.Save(batch.Images, images, path, Captions(batch), LabelOverlays(batch));
    }

    /// <inheritdoc/>
    public override void SaveResults(ImageBatch batch, IReadOnlyList<ImageResult> results, string path) =>
        BatchMosaicPicture.Save(
            batch.Images, [.. results.Select(result => Boxes(DetectionsOf(result)))], path, Captions(batch), ResultOverlays(results));

    /// <summary>What is laid over the images below the labels' boxes; null for nothing.</summary>
    protected virtual IReadOnlyList<MaskOverlay>? LabelOverlays(ImageBatch batch) => null;

    /// <summary>What is laid over the images below the predicted boxes; null for nothing.</summary>
    protected virtual IReadOnlyList<MaskOverlay>? ResultOverlays(IReadOnlyList<ImageResult> results) => null;

    /// <summary>The boxes of a result.</summary>
    protected virtual Detections DetectionsOf(ImageResult result) => (Detections)result;

    /// <summary>The box of a label with what the task adds.</summary>
    /// <param name="box">The box.</param>
    /// <param name="label">The number of the label in the batch.</param>
    protected virtual DrawnBox WithLabel(DrawnBox box, int label) => box;

    /// <summary>The box of a detection with what the task adds.</summary>
    /// <param name="box">The box.</param>
    /// <param name="detections">The detections of the image.</param>
    /// <param name="index">The number of the detection.</param>
    protected virtual DrawnBox WithResult(DrawnBox box, Detections detections, int index) => box;

    private List<DrawnBox> Boxes(Detections detections)
    {
        List<DrawnBox> boxes = [];
        for (int i = 0; i < detections.Count; i++)
        {
            if (detections.Confidence(i) <= ShownConfidence) continue;
            ReadOnlySpan<float> box = detections.Box(i);
            int id = detections.ClassId(i);
            boxes.Add(WithResult(new DrawnBox(box[0], box[1], box[2], box[3], id, classNames[id], detections.Confidence(i)),
                detections, i));
        }
        return boxes;
    }
}
