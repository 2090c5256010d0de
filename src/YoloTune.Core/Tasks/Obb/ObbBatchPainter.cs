using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>Draws batches with oriented boxes.</summary>
/// <param name="classNames">A name for every class.</param>
internal sealed class ObbBatchPainter(IReadOnlyList<string> classNames) : BoxBatchPainter(classNames)
{
    private LabelledBoxes? labelled;

    /// <inheritdoc/>
    public override void SaveLabels(ImageBatch batch, string path)
    {
        labelled = new(batch);
        base.SaveLabels(batch, path);
    }

    /// <inheritdoc/>
    protected override DrawnBox WithLabel(DrawnBox box, int label) => Turned(box, labelled![label]);

    /// <inheritdoc/>
    protected override DrawnBox WithResult(DrawnBox box, Detections detections, int index) =>
        Turned(box, RotatedPostprocessor.Box(detections, index));

    private static DrawnBox Turned(DrawnBox box, OrientedBox turned)
    {
        float[] c = turned.Corners();
        DrawnPoint[] corners = [new(c[0], c[1]), new(c[2], c[3]), new(c[4], c[5]), new(c[6], c[7])];
        return box with
        {
            X1 = corners.Min(corner => corner.X), Y1 = corners.Min(corner => corner.Y),
            X2 = corners.Max(corner => corner.X), Y2 = corners.Max(corner => corner.Y), Corners = corners,
        };
    }
}
