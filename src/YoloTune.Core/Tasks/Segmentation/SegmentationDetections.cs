using YoloTune.Evaluation;
using YoloTune.Images;

namespace YoloTune.Tasks.Segmentation;

/// <summary>The detections of an image with their masks at the size of the prototypes.</summary>
/// <param name="boxes">The detections.</param>
/// <param name="masks">The mask of each.</param>
/// <param name="rows">Rows of the prototypes.</param>
/// <param name="columns">Columns of the prototypes.</param>
internal sealed class SegmentationDetections(Detections boxes, IReadOnlyList<MaskPatch> masks, int rows, int columns) : ImageResult
{
    /// <inheritdoc/>
    public override int Count => boxes.Count;

    /// <summary>The detections.</summary>
    public Detections Boxes => boxes;

    /// <summary>The mask of each.</summary>
    public IReadOnlyList<MaskPatch> Masks => masks;

    /// <summary>Rows and columns of the picture that the masks are parts of.</summary>
    public (int Rows, int Columns) Size => (rows, columns);
}
