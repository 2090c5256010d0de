using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Detection with keypoints.</summary>
internal sealed class Pose : Detect
{
    private readonly BlockList<BlockSequence>? cv4;
    private readonly BlockList<BlockSequence>? one2one_cv4;

    /// <summary>Creates the head for a number of keypoints with 2 (x, y) or 3 (and visibility) values each.</summary>
    public Pose(HeadSettings settings, int keypoints, int dimensions) : base(settings, "Pose")
    {
        (KeypointCount, KeypointDimensions) = (keypoints, dimensions);
        int hidden = Math.Max(settings.Channels[0] / 4, ExtraCount);
        BlockList<BlockSequence> Points(BlockSettings blocks) => Branches(width => Plain(blocks, width, hidden, ExtraCount));
        if (!(settings.EndToEnd && settings.Blocks.Fused)) cv4 = Child("cv4", Points(settings.Blocks));
        if (settings.EndToEnd) one2one_cv4 = Twin("one2one_cv4", cv4, Points);
    }

    /// <summary>Keypoints of an object.</summary>
    public int KeypointCount { get; }

    /// <summary>Values of a keypoint: 2 or 3.</summary>
    public int KeypointDimensions { get; }

    /// <inheritdoc />
    public override HeadShape Shape => HeadShape.Keypoints(KeypointCount, KeypointDimensions);

    /// <inheritdoc />
    public override IReadOnlyList<nn.Module> ShapedBranches =>
        [.. ((nn.Module?[])[cv4, one2one_cv4]).OfType<nn.Module>()];

    /// <inheritdoc />
    public override int ExtraCount => KeypointCount * KeypointDimensions;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [.. base.Attributes, new("kpt_shape", new List<int> { KeypointCount, KeypointDimensions }), new("nk", ExtraCount)];

    /// <summary>Raw keypoints [N, K·D, A] to pixels, with a given factor and offset from the anchor's centre in cells.</summary>
    internal static Tensor DecodeKeypoints(Tensor raw, AnchorPoints grid, int keypoints, int dimensions, double factor, double offset)
    {
        Tensor values = raw.view(raw.shape[0], keypoints, dimensions, -1);
        Tensor places = ((values.narrow(2, 0, 2) * factor) + (grid.Points + offset)) * grid.Strides;
        Tensor all = dimensions == 3 ? cat([places, values.narrow(2, 2, 1).sigmoid()], 2) : places;
        return all.flatten(1, 2);
    }

    private protected override HeadOutput Complete(HeadOutput output, IReadOnlyList<Tensor> features, bool oneToOne) =>
        output with { Keypoints = Join(features, (oneToOne ? one2one_cv4 : cv4)!) };

    private protected override Tensor? DecodeExtras(HeadOutput output, AnchorPoints grid) =>
        DecodeKeypoints(output.Keypoints!, grid, KeypointCount, KeypointDimensions, 2.0, -0.5);
}
