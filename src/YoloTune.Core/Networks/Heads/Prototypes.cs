using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Prototype masks at twice the resolution of the first level.</summary>
internal sealed class Proto : Block
{
    private readonly Conv cv1;
    private readonly ConvTranspose2d upsample;
    private readonly Conv cv2;
    private readonly Conv cv3;

    /// <summary>Creates the branch: c1 input channels, c_ hidden, c2 masks.</summary>
    public Proto(BlockSettings settings, int c1, int c_ = 256, int c2 = 32) : base(ReferencePath.Block + "Proto")
    {
        cv1 = Child("cv1", new Conv(settings, c1, c_, 3));
        upsample = Child("upsample", new ConvTranspose2d(settings, c_, c_, 2, 2));
        cv2 = Child("cv2", new Conv(settings, c_, c_, 3));
        cv3 = Child("cv3", new Conv(settings, c_, c2));
    }

    /// <summary>Maps [N, c1, H, W] to [N, c2, 2H, 2W].</summary>
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        return cv3.call(cv2.call(upsample.call(cv1.call(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>YOLO26's prototypes: all levels are added before the branch; in training a semantic map is predicted too.</summary>
internal sealed class Proto26 : Component<IReadOnlyList<Tensor>, (Tensor Prototypes, Tensor? Semantic)>
{
    private readonly Conv cv1;
    private readonly ConvTranspose2d upsample;
    private readonly Conv cv2;
    private readonly Conv cv3;
    private readonly BlockList<Conv> feat_refine;
    private readonly Conv feat_fuse;
    private readonly BlockSequence? semseg;

    /// <summary>Creates the branch: channels of the levels, c_ hidden, c2 masks, nc classes of the semantic map.</summary>
    public Proto26(BlockSettings settings, IReadOnlyList<int> ch, int c_ = 256, int c2 = 32, int nc = 80, bool semantic = true)
        : base(ReferencePath.Block + "Proto26")
    {
        cv1 = Child("cv1", new Conv(settings, c_, c_, 3));
        upsample = Child("upsample", new ConvTranspose2d(settings, c_, c_, 2, 2));
        cv2 = Child("cv2", new Conv(settings, c_, c_, 3));
        cv3 = Child("cv3", new Conv(settings, c_, c2));
        feat_refine = Child("feat_refine", new BlockList<Conv>(ch.Skip(1).Select(width => new Conv(settings, width, ch[0]))));
        feat_fuse = Child("feat_fuse", new Conv(settings, ch[0], c_, 3));
        if (semantic)
            semseg = Child("semseg", new BlockSequence(
                new Conv(settings, ch[0], c_, 3), new Conv(settings, c_, c_, 3), new Conv2d(settings, c_, nc, 1)));
    }

    /// <summary>The output layer of the semantic map, whose rows are the classes; null in a fused end-to-end network.</summary>
    public Conv2d? SemanticOutput => semseg?.Last as Conv2d;

    /// <summary>
    /// Maps levels, the first of H rows and W columns, to prototypes [N, c2, 2H, 2W]; in training also logits [N, nc, H, W].
    /// </summary>
    public override (Tensor Prototypes, Tensor? Semantic) forward(IReadOnlyList<Tensor> levels)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] size = [levels[0].shape[2], levels[0].shape[3]];
        Tensor sum = levels[0];
        for (int j = 1; j < levels.Count; j++)
            sum = sum + nn.functional.interpolate(feat_refine[j - 1].call(levels[j]), size, mode: InterpolationMode.Nearest);
        Tensor prototypes = cv3.call(cv2.call(upsample.call(cv1.call(feat_fuse.call(sum)))));
        Tensor? semantic = training && semseg is not null ? semseg.call(sum) : null;
        return (prototypes.MoveToOuterDisposeScope(), semantic?.MoveToOuterDisposeScope());
    }
}
