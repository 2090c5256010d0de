using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Detection of oriented boxes: one more value, the angle. <c>OBB26</c> predicts it directly.</summary>
internal sealed class OBB : Detect
{
    private readonly BlockList<BlockSequence>? cv4;
    private readonly BlockList<BlockSequence>? one2one_cv4;
    private readonly int angleCount;
    private readonly bool direct;

    /// <summary>Creates the head; <paramref name="direct"/> builds the reference's OBB26.</summary>
    public OBB(HeadSettings settings, int angleCount = 1, bool direct = false) : base(settings, direct ? "OBB26" : "OBB")
    {
        (this.angleCount, this.direct) = (angleCount, direct);
        int hidden = Math.Max(settings.Channels[0] / 4, angleCount);
        BlockList<BlockSequence> Angles(BlockSettings blocks) => Branches(width => Plain(blocks, width, hidden, angleCount));
        if (!(settings.EndToEnd && settings.Blocks.Fused)) cv4 = Child("cv4", Angles(settings.Blocks));
        if (settings.EndToEnd) one2one_cv4 = Twin("one2one_cv4", cv4, Angles);
    }

    /// <inheritdoc />
    public override int ExtraCount => angleCount;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [.. base.Attributes, new("ne", angleCount)];

    private protected override HeadOutput Complete(HeadOutput output, IReadOnlyList<Tensor> features, bool oneToOne)
    {
        Tensor raw = Join(features, (oneToOne ? one2one_cv4 : cv4)!);
        return output with { Angles = direct ? raw : (raw.sigmoid() - 0.25) * Math.PI };
    }

    private protected override Tensor DecodeBoxes(HeadOutput output, Tensor distances, Tensor points, bool endToEnd) =>
        BoxDecoder.ToRotated(distances, output.Angles!, points);

    private protected override Tensor? DecodeExtras(HeadOutput output, AnchorPoints grid) => output.Angles;
}
