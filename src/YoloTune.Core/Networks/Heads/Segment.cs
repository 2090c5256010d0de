using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Detection with masks as combinations of prototypes (YOLACT, 2019); those of <c>Segment26</c> see all levels.</summary>
internal sealed class Segment : Detect
{
    private readonly Proto? proto;
    private readonly Proto26? proto26;
    private readonly BlockList<BlockSequence>? cv4;
    private readonly BlockList<BlockSequence>? one2one_cv4;
    private readonly int maskCount;
    private readonly int prototypeWidth;

    /// <summary>Creates the head.</summary>
    /// <param name="settings">What every detection head is built with.</param>
    /// <param name="maskCount">Number of prototypes.</param>
    /// <param name="prototypeWidth">Channels inside the prototype branch.</param>
    /// <param name="refined">True builds the reference's Segment26.</param>
    public Segment(HeadSettings settings, int maskCount = 32, int prototypeWidth = 256, bool refined = false)
        : base(settings, refined ? "Segment26" : "Segment")
    {
        (this.maskCount, this.prototypeWidth) = (maskCount, prototypeWidth);
        if (refined)
            proto26 = Child("proto", new Proto26(settings.Blocks, settings.Channels, prototypeWidth, maskCount, settings.ClassCount,
                semantic: !(settings.EndToEnd && settings.Blocks.Fused)));
        else
            proto = Child("proto", new Proto(settings.Blocks, settings.Channels[0], prototypeWidth, maskCount));
        int hidden = Math.Max(settings.Channels[0] / 4, maskCount);
        BlockList<BlockSequence> Masks(BlockSettings blocks) => Branches(width => Plain(blocks, width, hidden, maskCount));
        if (!(settings.EndToEnd && settings.Blocks.Fused)) cv4 = Child("cv4", Masks(settings.Blocks));
        if (settings.EndToEnd) one2one_cv4 = Twin("one2one_cv4", cv4, Masks);
    }

    /// <inheritdoc />
    public override int ExtraCount => maskCount;

    /// <inheritdoc />
    public override IReadOnlyList<nn.Module> ClassRows => proto26?.SemanticOutput is { } semantic
        ? [.. base.ClassRows, semantic]
        : base.ClassRows;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [.. base.Attributes, new("nm", maskCount), new("npr", prototypeWidth)];

    private protected override HeadOutput Complete(HeadOutput output, IReadOnlyList<Tensor> features, bool oneToOne)
    {
        HeadOutput masked = output with { MaskCoefficients = Join(features, (oneToOne ? one2one_cv4 : cv4)!) };
        // The prototypes are computed once: by the one-to-many branch where there is one.
        if (oneToOne && cv4 is not null) return masked;
        if (proto is not null) return masked with { Prototypes = proto.call(features[0]).to(float32) };
        (Tensor prototypes, Tensor? semantic) = proto26!.call(features);
        return masked with { Prototypes = prototypes.to(float32), SemanticMap = semantic?.to(float32) };
    }

    private protected override Tensor? DecodeExtras(HeadOutput output, AnchorPoints grid) => output.MaskCoefficients;
}
