using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;

namespace YoloTune.Tasks.Shared;

/// <summary>Draws batches with boxes.</summary>
/// <param name="classNames">A name for every class.</param>
internal sealed class BoxBatchPainter(IReadOnlyList<string> classNames) : BatchPainter
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
                images[image].Add(new DrawnBox(box[0], box[1], box[2], box[3], classes[i], classNames[classes[i]]));
            }
        }
        BatchMosaicPicture.Save(batch.Images, images, path, Captions(batch));
    }

    /// <inheritdoc/>
    public override void SaveResults(ImageBatch batch, IReadOnlyList<ImageResult> results, string path) =>
        BatchMosaicPicture.Save(batch.Images, [.. results.Cast<Detections>().Select(Boxes)], path, Captions(batch));

    private List<DrawnBox> Boxes(Detections detections)
    {
        List<DrawnBox> boxes = [];
        for (int i = 0; i < detections.Count; i++)
        {
            if (detections.Confidence(i) <= ShownConfidence) continue;
            ReadOnlySpan<float> box = detections.Box(i);
            int id = detections.ClassId(i);
            boxes.Add(new DrawnBox(box[0], box[1], box[2], box[3], id, classNames[id], detections.Confidence(i)));
        }
        return boxes;
    }
}
