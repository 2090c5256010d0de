using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Draws batches with boxes and masks.</summary>
/// <param name="classNames">A name for every class.</param>
internal sealed class MaskBatchPainter(IReadOnlyList<string> classNames) : BoxBatchPainter(classNames)
{
    /// <inheritdoc/>
    protected override Detections DetectionsOf(ImageResult result) => ((SegmentationDetections)result).Boxes;

    /// <inheritdoc/>
    protected override IReadOnlyList<MaskOverlay>? LabelOverlays(ImageBatch batch)
    {
        using torch.Tensor classes = batch.Targets.Part(MaskLabels.Semantic).cpu().contiguous();
        (int images, int rows, int columns) = ((int)classes.shape[0], (int)classes.shape[1], (int)classes.shape[2]);
        short[] all = MemoryMarshal.Cast<byte, short>(classes.bytes).ToArray();
        int pixels = rows * columns;
        return [.. Enumerable.Range(0, images).Select(i => new MaskOverlay(all[(i * pixels)..((i + 1) * pixels)], rows, columns))];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<MaskOverlay>? ResultOverlays(IReadOnlyList<ImageResult> results) =>
        [.. results.Cast<SegmentationDetections>().Select(Overlay)];

    private static MaskOverlay Overlay(SegmentationDetections found)
    {
        (int rows, int columns) = found.Size;
        short[] classes = new short[rows * columns];
        Array.Fill(classes, (short)-1);
        // The surest last, so that it lies on top.
        for (int i = found.Count - 1; i >= 0; i--)
        {
            if (found.Boxes.Confidence(i) > ShownConfidence) found.Masks[i].Paint(classes, columns, (short)found.Boxes.ClassId(i));
        }
        return new(classes, rows, columns);
    }
}
