using YoloTune.Basics;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Walks a pickled torch module: parameters, buffers except the non-persistent ones, then children, in dictionary order, which gives
/// the order of <c>state_dict()</c>.
/// </summary>
internal sealed class ModuleTree(TorchArchive archive, PickleLimits limits, PlainValues plain)
{
    private const int LongestPath = 1024;
    private const int MostWrappers = 4;

    /// <summary>Where an object that is no module keeps one.</summary>
    private static readonly string[] Wrappers = ["ema", "model", "module"];

    /// <summary>What torch itself keeps in every module; hooks are recognised by their ending.</summary>
    private static readonly HashSet<string> TorchAttributes =
    [
        "_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_is_full_backward_hook", "_forward_hooks_with_kwargs",
        "_forward_hooks_always_called", "_forward_pre_hooks_with_kwargs",
    ];

    public List<CheckpointItem> Items { get; } = [];

    public List<ModuleFacts> Modules { get; } = [];

    /// <summary>True for an object that is a torch module.</summary>
    public static bool IsModule(object? value) =>
        value is PickleObject { Attributes: { } attributes } && attributes.Get<PickleDictionary>("_modules") is not null;

    /// <summary>
    /// The model itself where something is wrapped around it: DataParallel, torch.compile, the reference's YOLO class, or an object (a
    /// moving average) that holds it.
    /// </summary>
    public static object? Unwrap(object? value)
    {
        for (int depth = 0; depth < MostWrappers; depth++)
        {
            if (value is not PickleObject { Attributes: { } state } || state.TryGet("yaml", out _)) break;
            object? inner = IsModule(value) ? OnlyChild(state) : Wrappers.Select(state.Get<PickleObject>).FirstOrDefault(IsModule);
            if (inner is null) break;
            value = inner;
        }
        return value;
    }

    private static object? OnlyChild(PickleDictionary state)
    {
        PickleDictionary children = state.Get<PickleDictionary>("_modules")!;
        if (children.Count != 1 || children.Single() is not { Key: string name, Value: PickleObject child } || !IsModule(child))
            return null;
        return name is "module" or "_orig_mod" || child.Attributes!.TryGet("yaml", out _) ? child : null;
    }

    /// <summary>Collects the items and modules at and below a module.</summary>
    public void Walk(PickleObject module, string path = "", int depth = 0)
    {
        if (depth > limits.MaxModuleDepth) throw Failure($"modules are nested deeper than the limit of {limits.MaxModuleDepth}.", path);
        if (Modules.Count == limits.MaxModules) throw Failure($"the model has more modules than the limit of {limits.MaxModules}.", path);
        if (path.Length > LongestPath) throw Failure($"the path of a module is longer than the limit of {LongestPath}.", path[..64]);
        PickleDictionary state = module.Attributes ?? throw Failure("the module has no state.", path);
        PickleDictionary children = state.Get<PickleDictionary>("_modules") ?? throw Failure("the module has no list of children.", path);
        Modules.Add(FactsOf(module, state, children, path));

        AddItems(state.Get<PickleDictionary>("_parameters"), [], isBuffer: false, path);
        HashSet<string> hidden = [.. (state.Get<PickleList>("_non_persistent_buffers_set") ?? []).OfType<string>()];
        AddItems(state.Get<PickleDictionary>("_buffers"), hidden, isBuffer: true, path);
        foreach ((object key, object? child) in children)
        {
            if (child is null) continue;
            string name = Join(path, key);
            if (!IsModule(child)) throw Failure("a child of the model is not a module.", name);
            Walk((PickleObject)child, name, depth + 1);
        }
    }

    private void AddItems(PickleDictionary? tensors, HashSet<string> hidden, bool isBuffer, string path)
    {
        foreach ((object key, object? value) in tensors ?? [])
        {
            if (value is null || (key is string own && hidden.Contains(own))) continue;
            string name = Join(path, key);
            if (value is not PickleTensor tensor) throw Failure("a parameter or buffer is not a tensor.", name);
            if (Items.Count == limits.MaxModules) throw Failure($"the model has more items than the limit of {limits.MaxModules}.", name);
            Items.Add(new(name, archive.ReadTensor(tensor, name), isBuffer));
        }
    }

    private ModuleFacts FactsOf(PickleObject module, PickleDictionary state, PickleDictionary children, string path)
    {
        Dictionary<string, object?> attributes = new(StringComparer.Ordinal);
        foreach ((object key, object? value) in state)
        {
            if (key is not string name || TorchAttributes.Contains(name)) continue;
            if (name.StartsWith('_') && name.EndsWith("_hooks", StringComparison.Ordinal)) continue;

            // A module kept as an attribute (a loss with its own layers) is not part of the tree.
            attributes[name] = plain.Of(value, path.Length == 0 ? name : $"{path}.{name}");
        }
        Dictionary<string, string> classes = new(StringComparer.Ordinal);
        foreach ((object key, object? child) in children)
        {
            if (key is string name && child is PickleObject instance) classes[name] = instance.Type.ClassName;
        }
        return new(path, module.Type.Module, module.Type.ClassName, attributes, classes);
    }

    private string Join(string path, object key)
    {
        if (key is not string name) throw Failure("a parameter, buffer or child of a module has no name.", path);
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    private ModelFormatException Failure(string message, string path) =>
        new(message, archive.Path, path.Length == 0 ? "the model" : $"module {path}");
}
