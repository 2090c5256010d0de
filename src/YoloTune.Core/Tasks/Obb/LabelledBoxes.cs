using YoloTune.Data;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>The labelled oriented boxes of a batch, in pixels of the batch's images.</summary>
internal sealed class LabelledBoxes
{
    private const int Values = 5;
    private readonly float[] values;
    private readonly float width, height;

    /// <summary>Reads the boxes of a batch.</summary>
    public LabelledBoxes(ImageBatch batch)
    {
        (height, width) = (batch.Images.shape[2], batch.Images.shape[3]);
        values = BatchLabels.Values(batch.Targets.Part(ObbLoss.BoxesPart));
    }

    /// <summary>A label.</summary>
    /// <param name="label">Its number in the batch.</param>
    public OrientedBox this[int label]
    {
        get
        {
            ReadOnlySpan<float> box = values.AsSpan(Values * label, Values);
            return new(box[0] * width, box[1] * height, box[2] * width, box[3] * height, box[4]);
        }
    }
}
