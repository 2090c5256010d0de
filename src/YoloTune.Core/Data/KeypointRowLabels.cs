using YoloTune.Data.Labels;

namespace YoloTune.Data;

/// <summary>Labels whose rows hold keypoints.</summary>
/// <param name="shape">The keypoints of the dataset.</param>
internal class KeypointRowLabels(KeypointShape shape) : TaskLabels
{
    /// <inheritdoc/>
    public override LabelRowKind Rows => LabelRowKind.Keypoints;

    /// <inheritdoc/>
    public override KeypointShape Keypoints => shape;
}
