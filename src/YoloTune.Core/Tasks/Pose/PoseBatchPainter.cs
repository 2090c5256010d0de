using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Pose;

/// <summary>Draws batches with boxes and keypoints.</summary>
/// <param name="classNames">A name for every class.</param>
internal sealed class PoseBatchPainter(IReadOnlyList<string> classNames) : BoxBatchPainter(classNames)
{
    private LabelledPoints? labelled;

    /// <inheritdoc/>
    public override void SaveLabels(ImageBatch batch, string path)
    {
        labelled = new(batch);
        base.SaveLabels(batch, path);
    }

    /// <inheritdoc/>
    protected override DrawnBox WithLabel(DrawnBox box, int label)
    {
        ReadOnlySpan<float> values = labelled!.Of(label);
        DrawnPoint[] points = new DrawnPoint[labelled.Keypoints];
        for (int k = 0; k < points.Length; k++)
        {
            ReadOnlySpan<float> point = values.Slice(KeypointShape.Values * k, KeypointShape.Values);
            points[k] = new(point[0], point[1], point[2] != 0, Skeleton.Colour(k, points.Length));
        }
        return box with { Points = points, Lines = Skeleton.Lines(points.Length) };
    }

    /// <inheritdoc/>
    protected override DrawnBox WithResult(DrawnBox box, Detections detections, int index)
    {
        if (labelled is null) return box;
        ReadOnlySpan<float> values = detections.Row(index)[Detections.FixedColumns..];
        DrawnPoint[] points = new DrawnPoint[labelled.Keypoints];
        int dimensions = values.Length / points.Length;
        for (int k = 0; k < points.Length; k++)
        {
            bool sure = dimensions < KeypointShape.Values || values[(dimensions * k) + 2] >= Skeleton.ShownConfidence;
            points[k] = new(values[dimensions * k], values[(dimensions * k) + 1], sure, Skeleton.Colour(k, points.Length));
        }
        return box with { Points = points, Lines = Skeleton.Lines(points.Length) };
    }

    /// <inheritdoc/>
    public override void SaveResults(ImageBatch batch, IReadOnlyList<ImageResult> results, string path)
    {
        labelled = new(batch);
        base.SaveResults(batch, results, path);
    }
}
