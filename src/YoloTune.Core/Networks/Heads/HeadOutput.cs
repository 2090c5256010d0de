using TorchSharp;

namespace YoloTune.Networks.Heads;

/// <summary>
/// What one branch of a detection head gives before decoding, in float32. Anchors are ordered level by level, each level row by row.
/// N is the batch size, A the number of anchors, R the number of distribution bins a box side has (reg_max).
/// </summary>
internal sealed record HeadOutput
{
    /// <summary>Box distributions [N, 4R, A], side-major: left R bins, then top, right, bottom.</summary>
    public required torch.Tensor Boxes { get; init; }

    /// <summary>Class logits [N, classes, A].</summary>
    public required torch.Tensor Scores { get; init; }

    /// <summary>Rows and columns of each level's grid, in the order of the anchors.</summary>
    public required IReadOnlyList<(int Rows, int Columns)> Grids { get; init; }

    /// <summary>The feature maps the head was given, one a level: [N, C_j, H_j, W_j].</summary>
    public IReadOnlyList<torch.Tensor> Features { get; init; } = [];

    /// <summary>Segment: mask coefficients [N, masks, A].</summary>
    public torch.Tensor? MaskCoefficients { get; init; }

    /// <summary>Segment: prototype masks [N, masks, H, W].</summary>
    public torch.Tensor? Prototypes { get; init; }

    /// <summary>Segment26, in training only: semantic logits [N, classes, H_0, W_0].</summary>
    public torch.Tensor? SemanticMap { get; init; }

    /// <summary>Pose: raw keypoints [N, keypoints * dims, A].</summary>
    public torch.Tensor? Keypoints { get; init; }

    /// <summary>Pose26, in training only: [N, 2 * keypoints, A].</summary>
    public torch.Tensor? KeypointSigmas { get; init; }

    /// <summary>OBB: angles [N, 1, A] in radians.</summary>
    public torch.Tensor? Angles { get; init; }
}
