using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Models;

/// <summary>
/// A detector with everything that fine-tuning wants to know: its network, its classes, and for every state-dict item where the values
/// came from, whether they are frozen and how fast they learn. Cmdlets change it in place and hand the same object on.
/// </summary>
public sealed class YoloModel : IYoloDetector, IDisposable
{
    private Dictionary<string, ModelItem> _byName = [];

    /// <summary>Wraps a network.</summary>
    /// <param name="network">The network; the model owns it from now on.</param>
    /// <param name="classNames">One name a class, in the order of the class rows.</param>
    /// <param name="source">The file the values came from, or null.</param>
    internal YoloModel(YoloNetwork network, IReadOnlyList<string> classNames, string? source = null)
    {
        CheckClassNames(classNames, network.ClassCount);
        Network = network;
        ClassNames = classNames.ToArray();
        Source = source;
        IndexItems();
    }

    /// <summary>Architecture and scale, such as "yolo11n".</summary>
    public string Name => Definition.Name;

    /// <summary>What the head predicts.</summary>
    public NetworkTask Task => Definition.Task;

    /// <summary>The family, such as "yolo11".</summary>
    public string Family => Definition.Family;

    /// <summary>The scale letter, empty for families without scales.</summary>
    public string Scale => Definition.Scale;

    /// <summary>Number of classes.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>One name a class, in the order of the class rows.</summary>
    public IReadOnlyList<string> ClassNames { get; private set; }

    /// <inheritdoc/>
    public HeadShape? Shape => (Network.Layers[^1].Module as IHead)?.Shape;

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> KeypointNames { get; internal set; } =
        new Dictionary<int, IReadOnlyList<string>>();

    /// <summary>The coarsest stride in pixels: image sides are multiples of it.</summary>
    public int Stride => Math.Max(Network.Strides.Max(), Task.LeastSizeStep);

    /// <inheritdoc/>
    public int ImageSize => ImageSizes.Recorded(Arguments.GetValueOrDefault("imgsz")) ?? Task.DefaultImageSize;

    /// <summary>Number of trainable and frozen parameters.</summary>
    public long ParameterCount => Items.Where(item => !item.IsBuffer).Sum(item => item.Tensor.numel());

    /// <summary>Number of parameters that training would change.</summary>
    public long TrainableParameterCount => Items.Where(item => !item.IsBuffer && !item.Frozen).Sum(item => item.Tensor.numel());

    /// <summary>Billions of floating-point operations for one square image of the task's default size.</summary>
    public double GFlops => Network.GFlops;

    /// <summary>Where the weights are: "cpu" or "cuda:0".</summary>
    public string Device =>
        Items.Count > 0 && Items[0].Tensor.device_type == DeviceType.CUDA ? $"cuda:{Items[0].Tensor.device_index}" : "cpu";

    /// <summary>The file the values were read from, or null.</summary>
    public string? Source { get; }

    /// <summary>The layers, from the image to the head.</summary>
    public IReadOnlyList<ModelLayer> Layers { get; private set; } = [];

    /// <summary>The last transfer into this model, or null.</summary>
    public TransferReport? Transfer { get; internal set; }

    /// <summary>The last training run of this model, or null.</summary>
    public IModelRun? Run { get; internal set; }

    /// <summary>The architecture before scaling.</summary>
    public ModelDefinition Definition => Network.Plan.Definition;

    /// <summary>The network itself.</summary>
    internal YoloNetwork Network { get; private set; }

    /// <summary>The BatchNorm layers with their paths, such as <c>model.0.bn</c>.</summary>
    internal IEnumerable<(string Path, BatchNorm2d Norm)> BatchNorms =>
        Network.named_modules().Where(entry => entry.module is BatchNorm2d).Select(entry => (entry.name, (BatchNorm2d)entry.module));

    /// <summary>Every state-dict item, in state-dict order.</summary>
    public IReadOnlyList<ModelItem> Items { get; private set; } = [];

    /// <summary>
    /// What the weights were last trained with, by the reference's names (epochs, imgsz, lr0 ...); empty when that is not known.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Arguments => Run?.Options ?? StoredArguments;

    /// <summary>The arguments that came with the weights.</summary>
    internal IReadOnlyDictionary<string, object?> StoredArguments { get; set; } = new Dictionary<string, object?>();

    /// <summary>
    /// Classes whose rows alone train (<c>Set-YoloFreeze -ExceptClass</c>); empty when all rows of a trainable item train.
    /// </summary>
    public IReadOnlyList<int> TrainableClasses { get; internal set; } = [];

    /// <summary>A freshly initialised model.</summary>
    /// <param name="definition">The architecture; its class count is replaced by the number of names.</param>
    /// <param name="classNames">One name a class.</param>
    /// <param name="options">How the plan is made; null for today's defaults.</param>
    /// <param name="seed">Seed of the initial values.</param>
    public static YoloModel Create(ModelDefinition definition, IReadOnlyList<string> classNames, PlanOptions? options = null, long seed = 0)
    {
        CheckClassNames(classNames, classNames.Count);
        ModelPlan plan = ModelPlan.Create(definition.WithClassCount(classNames.Count), options ?? new PlanOptions());
        return new YoloModel(new YoloNetwork(plan, new() { Seed = seed }), classNames);
    }

    /// <summary>The item of a state-dict name.</summary>
    /// <exception cref="SelectionException">The model has no item of this name.</exception>
    public ModelItem Item(string name) => _byName.TryGetValue(name, out ModelItem? item)
        ? item
        : throw new SelectionException($"the model {Name} has no item '{name}'.", remedy: "Names look like 'model.0.conv.weight'.");

    /// <summary>Moves the weights to a device.</summary>
    /// <param name="device">"cpu", "cuda" or "cuda:0".</param>
    public void MoveTo(string device)
    {
        Dictionary<string, ModelItem> before = _byName;
        Network.to(YoloDevice.Parse(device));
        IndexItems();
        Restore(before);
    }

    /// <summary>
    /// An independent copy: values, origins, learning-rate factors and what is frozen. Its records of transfer and run are empty.
    /// </summary>
    public YoloModel Copy()
    {
        YoloModel copy = new(Network.Clone(), ClassNames, Source) { KeypointNames = KeypointNames, StoredArguments = Arguments };
        copy.Restore(_byName);
        copy.TrainableClasses = TrainableClasses;
        return copy;
    }

    /// <summary>Frees the weights. A model that is no longer referenced frees them by itself.</summary>
    public void Dispose() => Network.Dispose();

    /// <summary>Such as "yolo11n (3 classes)".</summary>
    public override string ToString() => $"{Name} ({ClassCount} {(ClassCount == 1 ? "class" : "classes")})";

    /// <summary>Puts another network, built for other classes, in the place of this model's own. The old one is freed.</summary>
    internal void Replace(YoloNetwork network, IReadOnlyList<string> classNames)
    {
        YoloNetwork old = Network;
        Network = network;
        ClassNames = classNames.ToArray();
        TrainableClasses = [];
        IndexItems();
        old.Dispose();
    }

    /// <summary>One name a class, none empty, none twice.</summary>
    /// <exception cref="SelectionException">There is no name, an empty one, a name twice, or another number of names than
    /// classes.</exception>
    internal static void CheckClassNames(IReadOnlyList<string> names, int count)
    {
        if (names.Count == 0) throw new SelectionException("a detector needs at least one class.", remedy: "Give one or more class names.");
        if (names.Count != count)
        {
            throw new SelectionException($"{Counted.Of(names.Count, "class name")} {(names.Count == 1 ? "was" : "were")} given for a model "
                + $"of {Counted.Of(count, "class")}.", remedy: "Give one name per class.");
        }
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
                throw new SelectionException($"class {i} has an empty name.", remedy: "Give every class a name.");
            if (!seen.Add(names[i]))
                throw new SelectionException($"the class name '{names[i]}' is given twice.", remedy: "Give every class its own name.");
        }
    }

    private void IndexItems()
    {
        Dictionary<int, LayerPlan> layers = Network.Plan.Layers.ToDictionary(layer => layer.Index);
        // Arrays: PowerShell cannot index the lists that a collection expression makes for an interface.
        Items = Network.StateItems.Select(item => new ModelItem(item, layers[item.Layer].Type, layers[item.Layer].Part)).ToArray();
        _byName = Items.ToDictionary(item => item.Name);
        Layers = Network.Layers.Select(layer => new ModelLayer(layer, [.. Items.Where(item => item.Layer == layer.Index)])).ToArray();
    }

    private void Restore(Dictionary<string, ModelItem> before)
    {
        foreach (ModelItem item in Items)
        {
            ModelItem old = before[item.Name];
            (item.Origin, item.LearningRateMultiplier, item.Frozen) = (old.Origin, old.LearningRateMultiplier, old.Frozen);
        }
    }
}
