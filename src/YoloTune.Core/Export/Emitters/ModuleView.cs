using TorchSharp;
using YoloTune.Networks.Modules;

namespace YoloTune.Export.Emitters;

/// <summary>A module as its counterpart in the reference: class name, attributes and children by the names of the state dict.</summary>
internal sealed class ModuleView
{
    private readonly Dictionary<string, torch.nn.Module> children;
    private readonly IReadOnlyList<KeyValuePair<string, object?>> attributes;

    /// <summary>Looks at a module.</summary>
    /// <exception cref="InvalidOperationException">The module has no counterpart.</exception>
    public ModuleView(torch.nn.Module module)
    {
        IReferenceModule reference = module as IReferenceModule
            ?? throw new InvalidOperationException($"{module.GetName()} does not say what its counterpart in Python is.");
        Module = module;
        ClassName = reference.ClassPath[(reference.ClassPath.LastIndexOf('.') + 1)..];
        attributes = reference.Attributes;
        children = module.named_children().ToDictionary(child => child.name, child => child.module);
    }

    /// <summary>The module itself.</summary>
    public torch.nn.Module Module { get; }

    /// <summary>The class, such as "C3k2".</summary>
    public string ClassName { get; }

    /// <summary>The names of the children in order.</summary>
    public IReadOnlyList<string> ChildNames => [.. Module.named_children().Select(child => child.name)];

    /// <summary>Whether there is a child of this name.</summary>
    public bool Has(string child) => children.ContainsKey(child);

    /// <summary>A child by name.</summary>
    public ModuleView Child(string name) => children.TryGetValue(name, out torch.nn.Module? child)
        ? new(child)
        : throw new InvalidOperationException($"{ClassName} has no part '{name}'.");

    /// <summary>The children of a list, in order.</summary>
    public IReadOnlyList<(string Name, ModuleView View)> Items(string list) =>
        [.. children[list].named_children().Select(child => ($"{list}.{child.name}", new ModuleView(child.module)))];

    /// <summary>An attribute that is an integer.</summary>
    public int Integer(string name) => (int)Attribute(name)!;

    /// <summary>An attribute that is a number.</summary>
    public double Number(string name) => Convert.ToDouble(Attribute(name), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An attribute that is a truth value.</summary>
    public bool Truth(string name) => (bool)Attribute(name)!;

    /// <summary>An attribute that is a list or tuple of integers.</summary>
    public IReadOnlyList<int> Integers(string name) => (IReadOnlyList<int>)Attribute(name)!;

    private object? Attribute(string name)
    {
        foreach ((string key, object? value) in attributes)
        {
            if (key == name) return value;
        }
        throw new InvalidOperationException($"{ClassName} has no attribute '{name}'.");
    }
}
