using System.Globalization;

namespace YoloTune.Tests.Export;

/// <summary>A model file as the tests' own reader sees it: modules by path, tensors by name.</summary>
internal sealed class PickledTree
{
    public PickledTree(string path)
    {
        (Root, Records) = RestrictedUnpickler.Read(path);
        Model = (PythonObject)Root["model"]!;
        Walk(Model, "");
    }

    public PythonDictionary Root { get; }

    public IReadOnlyDictionary<string, byte[]> Records { get; }

    public PythonObject Model { get; }

    /// <summary>The modules by path, the model itself under "".</summary>
    public Dictionary<string, PythonObject> Modules { get; } = [];

    /// <summary>The state dict in its order.</summary>
    public Dictionary<string, PythonTensor> Tensors { get; } = [];

    public byte[] Bytes(PythonTensor tensor) => Records["data/" + tensor.Storage];

    /// <summary>
    /// What a module has of its own: no tensors, children and hooks. Values as text; tensors as their type, shape and values.
    /// </summary>
    public Dictionary<string, string> Attributes(string path) => Modules[path].State
        .Where(entry => !entry.Key.StartsWith('_') || entry.Key == "_reversed_padding_repeated_twice")
        .ToDictionary(entry => entry.Key, entry => Text(entry.Value));

    public string Text(object? value) => value switch
    {
        null => "None",
        string text => $"'{text}'",
        object?[] tuple => $"({string.Join(", ", tuple.Select(Text))})",
        List<object?> list => $"[{string.Join(", ", list.Select(Text))}]",
        PythonDictionary dictionary => $"{{{string.Join(", ", dictionary.Select(entry => $"{Text(entry.Key)}: {Text(entry.Value)}"))}}}",
        PythonTensor tensor => $"{tensor.StorageType}[{string.Join(", ", tensor.Shape)}]{Convert.ToHexString(Bytes(tensor))}",
        PythonObject instance => $"<{instance.ClassPath}>",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private void Walk(PythonObject module, string path)
    {
        Modules[path] = module;
        foreach ((object name, object? tensor) in module.Parameters.Concat(module.Buffers))
        {
            if (tensor is PythonTensor found) Tensors[Join(path, name)] = found;
        }
        foreach ((object name, object? child) in module.Children)
        {
            if (child is not null) Walk((PythonObject)child, Join(path, name));
        }
    }

    private static string Join(string path, object name) => path.Length == 0 ? (string)name : $"{path}.{name}";
}
