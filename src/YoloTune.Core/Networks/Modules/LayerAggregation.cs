using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>
/// YOLOv9's layer aggregation: a split 1x1 convolution, two stages on the second half, and all four maps joined. The reference's
/// RepNCSPELAN4 and ELAN1 differ only in the stages.
/// </summary>
internal sealed class RepNCSPELAN4 : Block
{
    private readonly Conv cv1;
    private readonly Block cv2;
    private readonly Block cv3;
    private readonly Conv cv4;
    private readonly int width;

    private RepNCSPELAN4(BlockSettings settings, string name, int c1, int c2, int c3, int c4, Func<int, Block> makeStage)
        : base(ReferencePath.Block + name)
    {
        width = c3 / 2;
        cv1 = Child("cv1", new Conv(settings, c1, c3));
        cv2 = Child("cv2", makeStage(width));
        cv3 = Child("cv3", makeStage(c4));
        cv4 = Child("cv4", new Conv(settings, c3 + (2 * c4), c2));
    }

    /// <summary>Creates the block with stages of a RepCSP and a 3x3 convolution.</summary>
    public RepNCSPELAN4(BlockSettings settings, int c1, int c2, int c3, int c4, int n = 1)
        : this(settings, "RepNCSPELAN4", c1, c2, c3, c4, input =>
            new BlockSequence(C3.Reparameterised(settings, input, c4, n), new Conv(settings, c4, c4, 3)))
    {
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <summary>ELAN1: stages of one 3x3 convolution.</summary>
    public static RepNCSPELAN4 Plain(BlockSettings settings, int c1, int c2, int c3, int c4) =>
        new(settings, "ELAN1", c1, c2, c3, c4, input => new Conv(settings, input, c4, 3));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = cv1.call(x).chunk(2, 1);
        Tensor first = cv2.call(halves[1]);
        Tensor second = cv3.call(first);
        return cv4.call(cat([halves[0], halves[1], first, second], 1)).MoveToOuterDisposeScope();
    }
}
