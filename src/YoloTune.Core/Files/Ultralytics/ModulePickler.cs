using TorchSharp;
using YoloTune.Files.Torch;
using YoloTune.Networks;
using YoloTune.Networks.Modules;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Describes a network as the pickled tree of torch modules that stands in an Ultralytics checkpoint. A module that serves in several
/// places (an activation) is described once, so that it is one object there too.
/// </summary>
/// <param name="writer">Takes the tensors.</param>
/// <param name="half">Whether floating-point values are written as float16.</param>
internal sealed class ModulePickler(TorchArchiveWriter writer, bool half)
{
    /// <summary>
    /// What torch keeps in every module beside its tensors and children. Newer releases have more of them and fill them in when they load.
    /// </summary>
    private static readonly string[] HookNames =
    [
        "_backward_pre_hooks", "_backward_hooks", "_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called",
        "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs", "_state_dict_hooks", "_state_dict_pre_hooks",
        "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
    ];

    private readonly Dictionary<torch.nn.Module, PickleObject> described = new(ReferenceEqualityComparer.Instance);

    /// <summary>The description of a network, whose attributes as a model are still to be added to its state.</summary>
    public PickleObject Describe(YoloNetwork network)
    {
        PickleObject root = Describe((torch.nn.Module)network);
        foreach (NetworkLayer layer in network.Layers) AddLayerFacts(described[layer.Module], layer);
        if (network.Head is { } head) AddHeadFacts(described[head], network);
        return root;
    }

    /// <summary>A plain value (null, bool, number, text, list, dictionary with text keys) as a pickle holds it.</summary>
    public static object? Plain(object? value) => value switch
    {
        null or bool or int or long or double or string => value,
        float number => (double)number,
        int[] tuple => new PickleTuple([.. tuple.Select(item => (object?)item)]),
        IEnumerable<KeyValuePair<string, object?>> entries => Dictionary(entries),
        System.Collections.IEnumerable items => List(items.Cast<object?>()),
        _ => throw new ArgumentException($"A value of type {value.GetType()} cannot stand in a checkpoint.", nameof(value)),
    };

    /// <summary>A list of plain values.</summary>
    public static PickleList List(IEnumerable<object?> items)
    {
        PickleList list = [];
        foreach (object? item in items) list.Add(Plain(item));
        return list;
    }

    /// <summary>A dictionary of plain values.</summary>
    public static PickleDictionary Dictionary(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        PickleDictionary dictionary = [];
        foreach ((string key, object? item) in entries) dictionary.Set(key, Plain(item));
        return dictionary;
    }

    /// <summary>A class by its dotted path.</summary>
    public static PickleGlobal Class(string path)
    {
        int dot = path.LastIndexOf('.');
        return new(path[..dot], path[(dot + 1)..]);
    }

    private PickleObject Describe(torch.nn.Module module)
    {
        if (described.TryGetValue(module, out PickleObject? known)) return known;
        if (module is not IReferenceModule reference)
        {
            throw new InvalidOperationException($"{module.GetName()} does not say what its counterpart in Python is.");
        }
        PickleDictionary parameters = Ordered(), buffers = Ordered(), children = Ordered();
        foreach ((string name, var parameter) in module.named_parameters(false)) parameters.Set(name, Tensor(parameter, isParameter: true));

        // torch lists a bias that is absent too, and Conv2d asks for it.
        if (module is Conv2d { Bias: null } or ConvTranspose2d { Bias: null }) parameters.Set("bias", null);
        foreach ((string name, torch.Tensor buffer) in module.named_buffers(false)) buffers.Set(name, Tensor(buffer, isParameter: false));
        foreach ((string name, torch.nn.Module child) in module.named_children()) children.Set(name, Describe(child));

        PickleDictionary state = [];
        state.Set("training", false);
        state.Set("_parameters", parameters);
        state.Set("_buffers", buffers);
        state.Set("_non_persistent_buffers_set", new PickleList { IsSet = true });
        state.Set("_is_full_backward_hook", null);
        foreach (string name in HookNames) state.Set(name, Ordered());
        state.Set("_modules", children);
        foreach ((string name, object? value) in reference.Attributes) state.Set(name, Plain(value));
        return described[module] = new(Class(reference.ClassPath), PickleTuple.Empty) { State = state };
    }

    private static void AddLayerFacts(PickleObject module, NetworkLayer layer)
    {
        PickleDictionary state = module.Attributes!;
        state.Set("np", layer.Parameters);
        state.Set("i", layer.Index);
        state.Set("f", layer.Plan.FromIsList ? List(layer.From.Cast<object?>()) : layer.From[0]);

        // A row that repeats is a Sequential, but its type is that of the blocks in it.
        torch.nn.Module block = layer.Plan.Stacked > 1 && layer.Module is BlockSequence stack ? stack.Items[0] : layer.Module;
        state.Set("type", ((IReferenceModule)block).ClassPath);
    }

    private void AddHeadFacts(PickleObject module, YoloNetwork network)
    {
        PickleDictionary state = module.Attributes!;
        state.Set("stride", Strides(network, half));
        state.Set("inplace", true);
    }

    /// <summary>The strides of a network's levels as a tensor.</summary>
    public PickleTensor Strides(YoloNetwork network, bool asHalf)
    {
        torch.Tensor strides = torch.tensor(network.Strides, asHalf ? torch.float16 : torch.float32);
        return writer.Add(strides);
    }

    private PickleTensor Tensor(torch.Tensor tensor, bool isParameter) =>
        writer.Add(half && tensor.is_floating_point() ? tensor.detach().half() : tensor, isParameter);

    private static PickleDictionary Ordered() => new() { IsOrderedDict = true };
}
