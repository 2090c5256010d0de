using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Tasks.Pose;

/// <summary>What a pose head predicts of points, and how its raw values become places.</summary>
/// <param name="Keypoints">Points of an object.</param>
/// <param name="Dimensions">Values of a point: x, y and, with 3, visibility.</param>
/// <param name="Factor">Multiplies the raw x and y.</param>
/// <param name="Offset">What is added to the anchor point's own place, in cells.</param>
/// <param name="Flow">The flow that gives errors a likelihood; null where the head has none.</param>
internal sealed record KeypointHead(int Keypoints, int Dimensions, double Factor, double Offset, RealNVP? Flow = null)
{
    /// <summary>The classic head, whose raw values are half cells from the corner of the cell.</summary>
    public static KeypointHead Classic(int keypoints, int dimensions) => new(keypoints, dimensions, 2, -0.5);

    /// <summary>YOLO26's head, whose raw values are cells from the centre of the cell.</summary>
    public static KeypointHead WithFlow(int keypoints, int dimensions, RealNVP? flow) => new(keypoints, dimensions, 1, 0, flow);

    /// <summary>The head of a network.</summary>
    public static KeypointHead Of(YoloNetwork network) => network.Head switch
    {
        Networks.Heads.Pose head => Classic(head.KeypointCount, head.KeypointDimensions),
        Pose26 head => WithFlow(head.KeypointCount, head.KeypointDimensions, head.Flow),
        _ => throw new ArgumentException("The network has no pose head.", nameof(network)),
    };
}
