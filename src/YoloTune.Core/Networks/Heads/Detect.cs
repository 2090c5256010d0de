using TorchSharp;
using YoloTune.Kernels;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>
/// The anchor-free detection head: for each level one branch for box distributions and one for classes. An end-to-end head has both twice:
/// one-to-many for a rich training signal, one-to-one for predictions without suppression (YOLOv10, 2024).
/// </summary>
internal class Detect : Component<IReadOnlyList<Tensor>, NetworkOutput>, IHead
{
    private const double BoxBias = 2.0;
    private const double ExpectedObjects = 5;
    private const double ReferenceSize = 640;
    private readonly BlockList<BlockSequence>? cv2;
    private readonly BlockList<BlockSequence>? cv3;
    private readonly Block dfl;
    private readonly BlockList<BlockSequence>? one2one_cv2;
    private readonly BlockList<BlockSequence>? one2one_cv3;
    private readonly Dictionary<string, AnchorPoints> anchors = [];
    private int[] strides = [];

    /// <summary>Creates the head.</summary>
    public Detect(HeadSettings settings) : this(settings, "Detect")
    {
    }

    private protected Detect(HeadSettings settings, string name) : base(ReferencePath.Head + name)
    {
        Settings = settings;
        int boxWidth = Math.Max(Math.Max(16, settings.Channels[0] / 4), 4 * settings.RegMax);
        ClassBranchWidth = settings.ClassBranchWidth
            ?? HeadSettings.DefaultClassBranchWidth(settings.Channels[0], settings.ClassCount);
        bool oneToMany = !(settings.EndToEnd && settings.Blocks.Fused);
        BlockList<BlockSequence> Boxes(BlockSettings blocks) =>
            Branches(width => Plain(blocks, width, boxWidth, 4 * settings.RegMax));
        BlockList<BlockSequence> Classes(BlockSettings blocks) =>
            Branches(width => settings.LegacyClassBranch
                ? Plain(blocks, width, ClassBranchWidth, settings.ClassCount)
                : Separable(blocks, width, ClassBranchWidth, settings.ClassCount));
        if (oneToMany)
        {
            cv2 = Child("cv2", Boxes(settings.Blocks));
            cv3 = Child("cv3", Classes(settings.Blocks));
        }
        dfl = Child("dfl", settings.RegMax > 1
            ? new DFL(settings.Blocks, settings.RegMax)
            : (Block)new Activation(ActivationKind.Identity));
        if (!settings.EndToEnd) return;
        one2one_cv2 = Twin("one2one_cv2", cv2, Boxes);
        one2one_cv3 = Twin("one2one_cv3", cv3, Classes);
    }

    /// <summary>What the head was built with.</summary>
    public HeadSettings Settings { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount => Settings.ClassCount;

    /// <summary>Distribution bins a box side has.</summary>
    public int RegMax => Settings.RegMax;

    /// <summary>Whether the one-to-one branch exists.</summary>
    public bool EndToEnd => Settings.EndToEnd;

    /// <summary>Hidden width of the class branch.</summary>
    public int ClassBranchWidth { get; }

    /// <summary>Pixels a cell of each level covers. Assigning them drops cached anchor points.</summary>
    public IReadOnlyList<int> Strides
    {
        get => strides;
        internal set
        {
            strides = [.. value];
            anchors.Clear();
        }
    }

    /// <summary>Values a prediction has besides box and classes.</summary>
    public virtual int ExtraCount => 0;

    /// <summary>
    /// The last convolutions of the class branch, one a level (of both branches where there are two): their rows are the classes.
    /// </summary>
    public IReadOnlyList<Conv2d> ClassOutputs => Outputs(cv3, one2one_cv3);

    /// <summary>The last convolutions of the box branch, one a level (of both branches where there are two).</summary>
    public IReadOnlyList<Conv2d> BoxOutputs => Outputs(cv2, one2one_cv2);

    /// <inheritdoc />
    public virtual HeadShape? Shape => null;

    /// <inheritdoc />
    public virtual IReadOnlyList<nn.Module> ShapedBranches => [];

    /// <inheritdoc />
    public virtual IReadOnlyList<nn.Module> ClassRows => ClassOutputs;

    /// <inheritdoc />
    public IReadOnlyList<nn.Module> ClassBranches => [.. ((BlockList<BlockSequence>?[])[cv3, one2one_cv3]).OfType<nn.Module>()];

    /// <summary>The bins of the distribution focal loss, 0, 1, ... R-1.</summary>
    public IReadOnlyList<nn.Module> Constants => [dfl];

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("nc", ClassCount), new("nl", Settings.Channels.Count), new("reg_max", RegMax), new("no", ClassCount + (4 * RegMax)),
    ];

    /// <summary>
    /// The class outputs in a state dict: the last convolution of the first level, of either branch where one has been left out.
    /// </summary>
    internal static StoredClasses? ReadClasses(Func<string, long[]?> shapeOf)
    {
        foreach (string branch in (string[])[nameof(cv3), nameof(one2one_cv3)])
        {
            if (shapeOf($"{branch}.0.2.weight") is [var classes, var width, ..])
                return new((int)classes, (int)width, IsLegacy: shapeOf($"{branch}.0.0.conv.weight") is not null);
        }
        return null;
    }

    /// <summary>Computes the raw outputs of both branches; the one-to-one branch sees detached features.</summary>
    public override NetworkOutput forward(IReadOnlyList<Tensor> features)
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput? many = cv2 is null ? null : Complete(Raw(features, cv2, cv3!), features, oneToOne: false);
        HeadOutput? one = null;
        if (one2one_cv2 is not null)
        {
            List<Tensor> detached = [.. features.Select(feature => feature.detach())];
            one = Complete(Raw(detached, one2one_cv2, one2one_cv3!), detached, oneToOne: true);
            if (one.Prototypes is null && many?.Prototypes is { } shared) one = one with { Prototypes = shared.detach() };
        }
        many?.MoveToOuterDisposeScope();
        one?.MoveToOuterDisposeScope();
        return new() { OneToMany = many, OneToOne = one };
    }

    /// <summary>Decodes raw outputs.</summary>
    /// <param name="output">One branch's raw outputs.</param>
    /// <param name="endToEnd">Whether boxes come out as corners, as those of an end-to-end head do.</param>
    /// <returns>
    /// [N, 4 + classes + extras, A] in pixels: centre and size, or corners when <paramref name="endToEnd"/>; then class probabilities.
    /// </returns>
    public Tensor Decode(HeadOutput output, bool endToEnd)
    {
        using DisposeScope scope = NewDisposeScope();
        AnchorPoints grid = Anchors(output);
        Tensor distances = dfl.call(output.Boxes);
        Tensor boxes = DecodeBoxes(output, distances, grid.Points, endToEnd) * grid.Strides;
        List<Tensor> parts = [boxes, output.Scores.sigmoid()];
        if (DecodeExtras(output, grid) is { } extras) parts.Add(extras);
        return cat(parts, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The anchor points of an output's grids; cached by their sizes and the device.</summary>
    public AnchorPoints Anchors(HeadOutput output)
    {
        string key = $"{string.Join(' ', output.Grids)} {output.Boxes.device}";
        lock (anchors)
        {
            if (anchors.TryGetValue(key, out AnchorPoints? known)) return known;
            AnchorPoints made = AnchorPoints.Create(output.Grids, strides, output.Boxes.device);
            made.Points.DetachFromDisposeScope();
            made.Strides.DetachFromDisposeScope();
            anchors[key] = made;
            return made;
        }
    }

    /// <summary>Boxes in units of the anchor's stride.</summary>
    private protected virtual Tensor DecodeBoxes(HeadOutput output, Tensor distances, Tensor points, bool endToEnd) =>
        endToEnd ? BoxDecoder.ToCorners(distances, points) : BoxDecoder.ToCentreSize(distances, points);

    /// <summary>What follows the classes in a prediction, or null.</summary>
    private protected virtual Tensor? DecodeExtras(HeadOutput output, AnchorPoints grid) => null;

    /// <summary>Adds the outputs of a task's own branches.</summary>
    private protected virtual HeadOutput Complete(HeadOutput output, IReadOnlyList<Tensor> features, bool oneToOne) => output;

    /// <summary>One branch a level, built by the level's width.</summary>
    private protected BlockList<T> Branches<T>(Func<int, T> make) where T : Block => new(Settings.Channels.Select(make));

    /// <summary>Registers a one-to-one list that starts equal to its one-to-many twin.</summary>
    private protected BlockList<T> Twin<T>(string name, BlockList<T>? original, Func<BlockSettings, BlockList<T>> make) where T : Block
    {
        // The reference copies the branch with its activation, which therefore is an object of its own.
        BlockSettings own = Settings.Blocks with { Activation = new(Settings.Blocks.Activation.Kind) };
        BlockList<T> twin = make(original is null ? own : own with { Initializer = null });
        if (original is not null && Settings.Blocks is { Initializer: not null }) Folding.CopyState(original, twin);
        return Child(name, twin);
    }

    /// <summary>Runs one branch on each level and joins the anchors: [N, C, A], float32.</summary>
    /// <remarks>
    /// In training the result keeps the layout of the maps, so that neither it nor its gradient is turned round in memory.
    /// </remarks>
    private protected static Tensor Join(IReadOnlyList<Tensor> features, IReadOnlyList<Block> branches)
    {
        if (is_grad_enabled() && features.All(ChannelsLast.Is))
        {
            List<Tensor> rows = [.. features.Select((feature, level) => branches[level].call(feature).permute(0, 2, 3, 1).flatten(1, 2))];
            return cat(rows, 1).to(float32).transpose(1, 2);
        }
        List<Tensor> levels = [.. features.Select((feature, level) => branches[level].call(feature).flatten(2))];
        return cat(levels, 2).to(float32);
    }

    /// <summary>Two 3x3 convolutions and the output layer.</summary>
    private protected static BlockSequence Plain(BlockSettings blocks, int input, int hidden, int output) => new(
        new Conv(blocks, input, hidden, 3), new Conv(blocks, hidden, hidden, 3), new Conv2d(blocks, hidden, output, 1));

    internal void InitialiseBiases()
    {
        using IDisposable untracked = no_grad();
        foreach (Conv2d convolution in BoxOutputs) convolution.Bias!.fill_(BoxBias);
        IReadOnlyList<Conv2d> classes = ClassOutputs;
        for (int i = 0; i < classes.Count; i++)
        {
            double cells = Math.Pow(ReferenceSize / strides[i % strides.Length], 2);
            classes[i].Bias!.fill_(Math.Log(ExpectedObjects / ClassCount / cells));
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (AnchorPoints grid in anchors.Values)
            {
                grid.Points.Dispose();
                grid.Strides.Dispose();
            }
            anchors.Clear();
        }
        base.Dispose(disposing);
    }

    private static BlockSequence Separable(BlockSettings blocks, int input, int hidden, int output) => new(
        new BlockSequence(new DWConv(blocks, input, input, 3), new Conv(blocks, input, hidden)),
        new BlockSequence(new DWConv(blocks, hidden, hidden, 3), new Conv(blocks, hidden, hidden)),
        new Conv2d(blocks, hidden, output, 1));

    private static HeadOutput Raw(IReadOnlyList<Tensor> features, IReadOnlyList<Block> boxes, IReadOnlyList<Block> classes) => new()
    {
        Boxes = Join(features, boxes),
        Scores = Join(features, classes),
        Grids = [.. features.Select(feature => ((int)feature.size(2), (int)feature.size(3)))],
    };

    private static List<Conv2d> Outputs(params IEnumerable<BlockSequence>?[] branches) =>
        [.. branches.Where(branch => branch is not null).SelectMany(branch => branch!).Select(sequence => (Conv2d)sequence.Last)];
}
