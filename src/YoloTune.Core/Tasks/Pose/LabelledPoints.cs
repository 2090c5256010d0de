using TorchSharp;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Pose;

/// <summary>The labelled keypoints of a batch as plain numbers, in pixels of the batch's images.</summary>
internal sealed class LabelledPoints
{
    private readonly float[] values;

    /// <summary>Reads the keypoints of a batch.</summary>
    public LabelledPoints(ImageBatch batch)
    {
        torch.Tensor part = batch.Targets.Part(PoseLoss.KeypointsPart);
        Keypoints = (int)part.size(1);
        values = BatchLabels.Values(part);
        float height = batch.Images.shape[2], width = batch.Images.shape[3];
        for (int i = 0; i < values.Length; i += KeypointShape.Values)
        {
            values[i] *= width;
            values[i + 1] *= height;
        }
    }

    /// <summary>Takes points that are in pixels.</summary>
    /// <param name="values">x, y, visibility of each keypoint of each label.</param>
    /// <param name="keypoints">Keypoints of an object.</param>
    internal LabelledPoints(float[] values, int keypoints) => (this.values, Keypoints) = (values, keypoints);

    /// <summary>Keypoints of an object.</summary>
    public int Keypoints { get; }

    /// <summary>x, y, visibility of each keypoint of a label.</summary>
    /// <param name="label">Its number in the batch.</param>
    public ReadOnlySpan<float> Of(int label) =>
        values.AsSpan(label * Keypoints * KeypointShape.Values, Keypoints * KeypointShape.Values);
}
