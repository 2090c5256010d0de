using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks;

/// <summary>
/// A network built from a plan. It runs in the type of its input: a bfloat16 image makes a bfloat16 pass with float32 weights, and the
/// head's outputs are float32 either way.
/// </summary>
internal sealed class YoloNetwork : Component<Tensor, NetworkOutput>
{
    private readonly BlockList<nn.Module> model;
    private readonly int[] lastUse;
    private readonly NetworkProfile? profile;

    /// <summary>Builds a network.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="options">How the weights start; by default from seed 0.</param>
    /// <exception cref="ModelFormatException">A layer cannot be built, or the layers do not fit together.</exception>
    public YoloNetwork(ModelPlan plan, NetworkOptions? options = null) : this(plan, options ?? new(), fused: false, shapesOnly: false)
    {
    }

    private YoloNetwork(ModelPlan plan, NetworkOptions options, bool fused, bool shapesOnly)
        : base("ultralytics.nn.tasks." + plan.Task.ReferenceClass)
    {
        Plan = plan;
        IsFused = fused;
        profile = shapesOnly ? null : NetworkProfile.Of(plan);
        using WeightInitializer? initializer = options.Initialise && !shapesOnly ? new(options.Seed) : null;
        BlockSettings settings = new()
        {
            Activation = new(ActivationOf(plan)),
            NormEpsilon = plan.Task.NormEpsilon,
            NormMomentum = plan.Task.NormMomentum,
            Initializer = initializer,
            Device = shapesOnly ? new Device(DeviceType.META) : CPU,
            Fused = fused,
            SppfActivation = plan.SppfActivation,
        };
        model = Child("model", new BlockList<nn.Module>(
            plan.Layers.Select(layer => LayerFactory.Create(plan, layer, settings)), "container.Sequential"));
        lastUse = LastUses(plan);
        OverrideActivations();
        Layers = [.. plan.Layers.Select(layer => new NetworkLayer(layer, model[layer.Index], profile?.LayerStrides[layer.Index]))];
        if (profile is null || Head is not { } head) return;
        head.Strides = profile.Strides;
        if (initializer is not null) head.InitialiseBiases();
    }

    /// <summary>What the network was built from.</summary>
    public ModelPlan Plan { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>The last layer of a detection-type network; null for classification.</summary>
    public Detect? Head => model[^1] as Detect;

    /// <summary>The last layer of a classification network, or null.</summary>
    public Classify? Classifier => model[^1] as Classify;

    /// <summary>Pixels a cell of each head level covers; [1] for classification.</summary>
    public int[] Strides => [.. Profile.Strides];

    /// <summary>Distribution bins a box side has.</summary>
    public int RegMax => Plan.RegMax;

    /// <summary>Number of classes.</summary>
    public int ClassCount => Plan.ClassCount;

    /// <summary>Whether the head has a one-to-one branch, whose predictions need no suppression.</summary>
    public bool EndToEnd => Plan.EndToEnd;

    /// <summary>Hidden width of the class branch; null for classification.</summary>
    public int? ClassBranchWidth => Plan.ClassBranchWidth;

    /// <summary>Whether convolutions and normalisations are folded; such a network is for inference.</summary>
    public bool IsFused { get; }

    /// <summary>Whether <see cref="HeadOutput.Features"/> are filled in; off by default, for they keep feature maps alive.</summary>
    public bool ReturnFeatures { get; set; }

    /// <summary>Number of parameters.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>Number of parameters that learn.</summary>
    public long TrainableParameterCount => parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel());

    /// <summary>Billions of operations for one square image of the task's default size, before folding.</summary>
    public double GFlops => Profile.GFlops(Plan.Task.DefaultImageSize);

    /// <summary>Numbers that follow from the shapes alone.</summary>
    public NetworkProfile Profile => profile ?? throw new InvalidOperationException("A network of shapes has no profile.");

    /// <summary>The state dict in the reference's order; the tensors are the network's own.</summary>
    public IReadOnlyList<StateItem> StateItems
    {
        get
        {
            List<StateItem> items = [];
            for (int layer = 0; layer < model.Count; layer++)
                Collect(model[layer], $"model.{layer.ToString(CultureInfo.InvariantCulture)}.", layer, items);
            return model[^1] is IHead head ? Marked(items, head) : items;
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("inplace", true), new("nc", ClassCount)];

    /// <summary>Computes the raw outputs of an image batch [N, channels, H, W]; H and W must be multiples of the largest stride.</summary>
    public override NetworkOutput forward(Tensor x) => Run(x, null);

    /// <summary>Turns raw outputs into predictions.</summary>
    /// <param name="output">What <see cref="forward"/> returned.</param>
    /// <param name="endToEnd">Which branch; null takes the one-to-one branch where the network has it.</param>
    /// <returns>
    /// [N, 4 + classes + extras, A]: boxes in pixels (centre and size; corners from the one-to-one branch, except rotated boxes), class
    /// probabilities, then mask coefficients, keypoints or the angle. For classification the probabilities [N, classes].
    /// </returns>
    public Tensor Decode(NetworkOutput output, bool? endToEnd = null)
    {
        if (output.Logits is { } logits) return logits.softmax(1);
        bool oneToOne = endToEnd ?? EndToEnd;
        HeadOutput branch = (oneToOne ? output.OneToOne : output.OneToMany)
            ?? throw new ArgumentException("The output does not have the branch that is to be decoded.", nameof(output));
        return Head!.Decode(branch, oneToOne);
    }

    /// <summary>
    /// A network for inference with every BatchNorm folded into its convolution and, for end-to-end heads, without the branches that only
    /// training needs. This network stays as it is.
    /// </summary>
    public YoloNetwork Fuse()
    {
        if (IsFused) return Clone();
        YoloNetwork fused = new(Plan, new() { Initialise = false }, fused: true, shapesOnly: false);
        Folding.Copy(model, fused.model);
        return Finish(fused);
    }

    /// <summary>An independent copy with the same weights, trainability and mode.</summary>
    public YoloNetwork Clone()
    {
        YoloNetwork copy = new(Plan, new() { Initialise = false }, IsFused, shapesOnly: false);
        Folding.CopyState(model, copy.model);
        foreach (var (from, to) in modules().OfType<BatchNorm2d>().Zip(copy.modules().OfType<BatchNorm2d>()))
            (to.KeepStatistics, to.Epsilon, to.Momentum) = (from.KeepStatistics, from.Epsilon, from.Momentum);
        return Finish(copy);
    }

    /// <summary>
    /// Lays the kernels out with channels last, which convolutions on CPUs and tensor cores prefer. Give it images laid out the same way.
    /// </summary>
    public YoloNetwork ToChannelsLast()
    {
        foreach (Conv2d convolution in modules().OfType<Conv2d>()) convolution.ToChannelsLast();
        return this;
    }

    /// <summary>The module at a path such as <c>model.9.cv1</c>, or null.</summary>
    public nn.Module? FindModule(string path)
    {
        nn.Module? current = this;
        foreach (string name in path.Split('.'))
            current = current?.named_children().FirstOrDefault(child => child.name == name).module;
        return current;
    }

    /// <summary>Runs the network and shows each layer's outputs (nothing for the head) as they come.</summary>
    internal NetworkOutput Observe(Tensor x, Action<int, IReadOnlyList<Tensor>> observer) => Run(x, observer);

    /// <summary>
    /// Runs the layers before <paramref name="end"/>: the maps that layers from there on read, by the layer that made them.
    /// </summary>
    internal IReadOnlyDictionary<int, Tensor> RunBefore(int end, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<Tensor>[] outputs = new IReadOnlyList<Tensor>[Plan.Layers.Count];
        RunLayers(outputs, x, 0, end, null);
        return Enumerable.Range(0, end).Where(layer => lastUse[layer] >= end)
            .ToDictionary(layer => layer, layer => outputs[layer].Single().MoveToOuterDisposeScope());
    }

    /// <summary>Runs the layers from <paramref name="first"/> on what <see cref="RunBefore"/> gave; the maps are used up.</summary>
    internal NetworkOutput RunFrom(int first, IReadOnlyDictionary<int, Tensor> maps)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<Tensor>[] outputs = new IReadOnlyList<Tensor>[Plan.Layers.Count];
        foreach ((int layer, Tensor map) in maps) outputs[layer] = [map];
        return RunLayers(outputs, null, first, outputs.Length, null)!.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether what comes before a layer can be run by itself: later layers read neither the image nor several maps of one layer.
    /// </summary>
    internal bool CanCutBefore(int end) =>
        Plan.Layers.Skip(end).All(layer => layer.Sources.All(source => source >= 0 && (source >= end || model[source] is not CBLinear)));

    internal static YoloNetwork CreateShapes(ModelPlan plan) => new(plan, new(), fused: false, shapesOnly: true);

    private NetworkOutput Run(Tensor x, Action<int, IReadOnlyList<Tensor>>? observer)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<Tensor>[] outputs = new IReadOnlyList<Tensor>[Plan.Layers.Count];
        NetworkOutput? result = RunLayers(outputs, x, 0, outputs.Length, observer);
        return (result ?? throw new InvalidOperationException("The network has no head.")).MoveToOuterDisposeScope();
    }

    private NetworkOutput? RunLayers(
        IReadOnlyList<Tensor>[] outputs, Tensor? x, int first, int end, Action<int, IReadOnlyList<Tensor>>? observer)
    {
        NetworkOutput? result = null;
        for (int i = first; i < end; i++)
        {
            LayerPlan layer = Plan.Layers[i];
            IReadOnlyList<Tensor>[] inputs = [.. layer.Sources.Select(source => source < 0 ? [x!] : outputs[source])];
            try
            {
                (outputs[i], result) = Call(model[i], inputs);
            }
            catch (ExternalException error) when (x is { device_type: DeviceType.META })
            {
                throw Plan.Definition.Error(
                    $"{layer.Module} does not fit its inputs: {error.Message.Split('\n')[0]}", layer.Position,
                    "Check the strides and widths of the layers it reads.");
            }
            observer?.Invoke(i, outputs[i]);
            // Autograd keeps what it needs; without gradients this is what keeps memory low.
            foreach (int source in layer.Sources.Where(source => source >= 0 && lastUse[source] == i))
                foreach (Tensor map in outputs[source])
                    map.Dispose();
        }
        return result;
    }

    private (IReadOnlyList<Tensor> Maps, NetworkOutput? Result) Call(nn.Module module, IReadOnlyList<Tensor>[] inputs)
    {
        switch (module)
        {
            case Block block:
                return ([block.call(inputs[0][0])], null);
            case Component<IReadOnlyList<Tensor>, Tensor> joining:
                return ([joining.call([.. inputs.Select(input => input[0])])], null);
            case CBLinear splitting:
                return (splitting.call(inputs[0][0]), null);
            case CBFuse fusing:
                return ([fusing.call(inputs)], null);
            case Component<IReadOnlyList<Tensor>, NetworkOutput> head:
                Tensor[] features = [.. inputs.Select(input => input[0])];
                NetworkOutput output = head.call(features);
                return ([], ReturnFeatures ? WithFeatures(output, features) : output);
            default:
                throw new InvalidOperationException($"{module.GetName()} cannot be a layer.");
        }
    }

    private static NetworkOutput WithFeatures(NetworkOutput output, Tensor[] features) => output with
    {
        OneToMany = output.OneToMany is { } many ? many with { Features = [.. features.Select(feature => feature.alias())] } : null,
        OneToOne = output.OneToOne is { } one ? one with { Features = [.. features.Select(feature => feature.detach())] } : null,
    };

    private YoloNetwork Finish(YoloNetwork copy)
    {
        if (model.parameters().FirstOrDefault() is { } sample && sample.device_type != DeviceType.CPU) copy.to(sample.device);
        if (copy.IsFused || !training) copy.eval();
        return copy;
    }

    private void OverrideActivations()
    {
        Dictionary<ActivationKind, Activation> shared = [];
        foreach ((string path, string name) in Plan.Options.Activations)
        {
            if (Activation.Parse(name) is not { } kind)
                throw Plan.Definition.Error(
                    $"the activation '{name}' is not known.", path, "Known ones: SiLU, ReLU, LeakyReLU, Hardswish, GELU, Mish.");
            if (FindModule(path) is not Conv conv)
                throw Plan.Definition.Error("there is no convolution block with an activation here.", path, "Check the path.");
            if (conv.Act.Kind == kind) continue;
            if (!shared.TryGetValue(kind, out Activation? activation)) shared[kind] = activation = new(kind);
            conv.Act = activation;
        }
    }

    private static void Collect(nn.Module module, string prefix, int layer, List<StateItem> items)
    {
        foreach ((string name, var parameter) in module.named_parameters(false))
            items.Add(new(prefix + name, parameter, false, layer, module));
        foreach ((string name, Tensor buffer) in module.named_buffers(false)) items.Add(new(prefix + name, buffer, true, layer, module));
        foreach ((string name, nn.Module child) in module.named_children()) Collect(child, $"{prefix}{name}.", layer, items);
    }

    /// <summary>The items with what the head says of its own.</summary>
    private static StateItem[] Marked(List<StateItem> items, IHead head)
    {
        HashSet<nn.Module> Within(IEnumerable<nn.Module> modules) =>
            new(modules.SelectMany(module => module.modules().Prepend(module)), ReferenceEqualityComparer.Instance);
        HashSet<nn.Module> rows = Within(head.ClassRows), branches = Within(head.ClassBranches), constants = Within(head.Constants);
        HashSet<nn.Module> shaped = Within(head.ShapedBranches);
        return
        [
            .. items.Select(item => item with
            {
                HasClassRows = rows.Contains(item.Module),
                IsClassBranch = branches.Contains(item.Module),
                IsConstant = !item.IsBuffer && constants.Contains(item.Module),
                Shape = shaped.Contains(item.Module) ? head.Shape : null,
            }),
        ];
    }

    private static int[] LastUses(ModelPlan plan)
    {
        int[] uses = new int[plan.Layers.Count];
        foreach (LayerPlan layer in plan.Layers)
            foreach (int source in layer.Sources.Where(source => source >= 0)) uses[source] = layer.Index;
        return uses;
    }

    private static ActivationKind ActivationOf(ModelPlan plan)
    {
        if (plan.Definition.ActivationExpression is not { } expression) return ActivationKind.SiLU;
        return Activation.Parse(expression) ?? throw plan.Definition.Error(
            $"the activation '{expression}' is not known.", "activation", "Write for example torch.nn.SiLU() or torch.nn.ReLU().");
    }
}
