using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;

namespace YoloTune.Tasks.Pose;

/// <summary>Labels with keypoints, which batches hold beside the boxes.</summary>
/// <param name="shape">The keypoints of the dataset.</param>
internal sealed class KeypointLabels(KeypointShape shape) : KeypointRowLabels(shape)
{
    /// <summary>The labels of a dataset.</summary>
    /// <exception cref="DatasetException">Its description does not say what keypoints there are.</exception>
    public static KeypointLabels Of(DatasetDescription description) => new(description.Keypoints ?? throw new DatasetException(
        "the description does not say how many keypoints an object has.", description.File,
        remedy: "Add a line such as 'kpt_shape: [17, 3]', 17 keypoints with x, y and visibility; for labels without keypoints take a "
            + "detection model."));

    /// <inheritdoc/>
    internal override Instances Complete(Instances boxes, IReadOnlyList<PixelBox> objects, int height, int width)
    {
        KeypointShape shape = Keypoints;
        float[] points = new float[objects.Count * shape.Count * KeypointShape.Values];
        for (int i = 0, at = 0; i < objects.Count; i++)
        {
            float[]? own = objects[i].Keypoints;
            for (int k = 0; k < shape.Count; k++, at += KeypointShape.Values)
            {
                if (own is null) continue;
                points[at] = own[KeypointShape.Values * k] / width;
                points[at + 1] = own[(KeypointShape.Values * k) + 1] / height;
                points[at + 2] = own[(KeypointShape.Values * k) + 2];
            }
        }
        return boxes with
        {
            Parts = new Dictionary<string, TargetPart>
            {
                [PoseLoss.KeypointsPart] = new(points, [objects.Count, shape.Count, KeypointShape.Values], PerObject: true),
            },
        };
    }
}
