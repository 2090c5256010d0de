using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>
/// YOLO26's keypoint head: positions and, in training, their deviations from shared features; a normalising flow models the residual
/// (Human Pose Regression with Residual Log-likelihood Estimation, 2021).
/// </summary>
internal sealed class Pose26 : Detect
{
    private readonly BlockList<BlockSequence>? cv4;
    private readonly BlockList<BlockSequence>? one2one_cv4;
    private readonly BlockList<Conv2d>? cv4_kpts;
    private readonly BlockList<Conv2d>? cv4_sigma;
    private readonly BlockList<Conv2d>? one2one_cv4_kpts;
    private readonly BlockList<Conv2d>? one2one_cv4_sigma;

    /// <summary>Creates the head for a number of keypoints with 2 (x, y) or 3 (and visibility) values each.</summary>
    public Pose26(HeadSettings settings, int keypoints, int dimensions) : base(settings, "Pose26")
    {
        (KeypointCount, KeypointDimensions) = (keypoints, dimensions);
        int hidden = Math.Max(settings.Channels[0] / 4, keypoints * (dimensions + 2));
        bool training = !(settings.EndToEnd && settings.Blocks.Fused);
        BlockList<BlockSequence> Features(BlockSettings blocks) => Branches(width =>
            new BlockSequence(new Conv(blocks, width, hidden, 3), new Conv(blocks, hidden, hidden, 3)));
        BlockList<Conv2d> Output(BlockSettings blocks, int values) => Branches(_ => new Conv2d(blocks, hidden, values, 1));
        if (training) cv4 = Child("cv4", Features(settings.Blocks));
        if (settings.EndToEnd) one2one_cv4 = Twin("one2one_cv4", cv4, Features);
        if (training)
        {
            Flow = Child("flow_model", new RealNVP(settings.Blocks));
            cv4_kpts = Child("cv4_kpts", Output(settings.Blocks, ExtraCount));
            cv4_sigma = Child("cv4_sigma", Output(settings.Blocks, 2 * keypoints));
        }
        if (!settings.EndToEnd) return;
        one2one_cv4_kpts = Twin("one2one_cv4_kpts", cv4_kpts, blocks => Output(blocks, ExtraCount));
        if (training) one2one_cv4_sigma = Twin("one2one_cv4_sigma", cv4_sigma, blocks => Output(blocks, 2 * keypoints));
    }

    /// <summary>Keypoints of an object.</summary>
    public int KeypointCount { get; }

    /// <summary>Values of a keypoint: 2 or 3.</summary>
    public int KeypointDimensions { get; }

    /// <summary>The flow that the training loss asks for residuals' likelihood; null in a fused network.</summary>
    public RealNVP? Flow { get; }

    /// <inheritdoc />
    public override HeadShape Shape => HeadShape.Keypoints(KeypointCount, KeypointDimensions);

    /// <inheritdoc />
    public override IReadOnlyList<nn.Module> ShapedBranches =>
        [.. ((nn.Module?[])[cv4, one2one_cv4, cv4_kpts, cv4_sigma, one2one_cv4_kpts, one2one_cv4_sigma]).OfType<nn.Module>()];

    /// <inheritdoc />
    public override int ExtraCount => KeypointCount * KeypointDimensions;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        .. base.Attributes, new("kpt_shape", new List<int> { KeypointCount, KeypointDimensions }), new("nk", ExtraCount),
        new("nk_sigma", 2 * KeypointCount),
    ];

    private protected override HeadOutput Complete(HeadOutput output, IReadOnlyList<Tensor> features, bool oneToOne)
    {
        BlockList<BlockSequence> shared = (oneToOne ? one2one_cv4 : cv4)!;
        List<Tensor> hidden = [.. features.Select((feature, level) => shared[level].call(feature))];
        BlockList<Conv2d>? sigma = oneToOne ? one2one_cv4_sigma : cv4_sigma;
        return output with
        {
            Keypoints = Join(hidden, (oneToOne ? one2one_cv4_kpts : cv4_kpts)!),
            KeypointSigmas = training && sigma is not null ? Join(hidden, sigma) : null,
        };
    }

    private protected override Tensor? DecodeExtras(HeadOutput output, AnchorPoints grid) =>
        Pose.DecodeKeypoints(output.Keypoints!, grid, KeypointCount, KeypointDimensions, 1.0, 0.0);
}
