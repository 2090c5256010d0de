using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Onnx;

/// <summary>
/// A graph in the making. Nodes are added in the order they run; names follow the path of the module that is being written, so that the
/// graph can be read beside the model. The operators themselves are in <see cref="OnnxOperators"/>.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxInitializer> initializers = [];
    private readonly List<OnnxValue> inputs = [];
    private readonly List<OnnxValue> outputs = [];
    private readonly List<OnnxValue> intermediates = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxValue> constants = new(StringComparer.Ordinal);
    private string scope = "";

    /// <param name="weightType">The type of weights and of the arithmetic up to the head's outputs.</param>
    public OnnxGraph(OnnxType weightType) => WeightType = weightType;

    public OnnxType WeightType { get; }

    public IReadOnlyList<OnnxNode> Nodes => nodes;

    public IReadOnlyList<OnnxInitializer> Initializers => initializers;

    public IReadOnlyList<OnnxValue> Inputs => inputs;

    public IReadOnlyList<OnnxValue> Outputs => outputs;

    /// <summary>What nodes compute, except the outputs, with type and shape.</summary>
    public IEnumerable<OnnxValue> Intermediates => intermediates.Where(value => !outputs.Exists(output => output.Name == value.Name));

    /// <summary>Names what is added until the result is disposed after a part of the model.</summary>
    public IDisposable Scope(string part)
    {
        string outer = scope;
        scope = outer.Length == 0 ? part : $"{outer}.{part}";
        return new ScopeEnd(this, outer);
    }

    /// <summary>Adds an input of the graph.</summary>
    public OnnxValue Input(string name, OnnxType type, params OnnxDimension[] shape)
    {
        names.Add(name);
        OnnxValue value = new(name, type, shape);
        inputs.Add(value);
        return value;
    }

    /// <summary>Makes a value an output of the graph under a name of its own.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The output's name.</param>
    /// <param name="shape">Its sizes, with names where the graph leaves them open.</param>
    public void Output(OnnxValue value, string name, params OnnxDimension[] shape)
    {
        names.Add(name);
        nodes.Add(new("Identity", Unique("Identity"), [value.Name], [name], []));
        outputs.Add(new(name, value.Type, [.. shape.Select((dimension, i) => value.Shape[i].IsKnown ? value.Shape[i] : dimension)]));
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxValue Add(
        string op, IReadOnlyList<OnnxValue?> arguments, OnnxType type, IReadOnlyList<OnnxDimension> shape,
        params (string, object)[] attributes) =>
        AddMany(op, arguments, [(type, shape)], attributes)[0];

    /// <summary>Adds a node with several outputs. A null argument leaves an optional input out.</summary>
    public IReadOnlyList<OnnxValue> AddMany(
        string op, IReadOnlyList<OnnxValue?> arguments, IReadOnlyList<(OnnxType Type, IReadOnlyList<OnnxDimension> Shape)> results,
        params (string, object)[] attributes)
    {
        string name = Unique(op);
        OnnxValue[] made = [.. results.Select((result, i) => new OnnxValue(Unique(op + "_output"), result.Type, result.Shape))];
        nodes.Add(new(op, name, [.. arguments.Select(argument => argument?.Name ?? "")], [.. made.Select(value => value.Name)],
            attributes));
        intermediates.AddRange(made);
        return made;
    }

    /// <summary>Adds a weight under a name such as <c>conv.weight</c>, in the type of the graph's weights.</summary>
    public OnnxValue Weight(string name, torch.Tensor tensor)
    {
        using DisposeScope disposal = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        byte[] data = [];
        TensorBytes.Use(tensor.detach().to(WeightType == OnnxType.Float16 ? torch.float16 : torch.float32), bytes =>
            data = bytes.ToArray());
        return AddInitializer(Unique(name), WeightType, tensor.shape, data);
    }

    /// <summary>A constant of integers; equal ones are written once.</summary>
    public OnnxValue Integers(params long[] values) =>
        Constant($"int64_{string.Join('_', values)}", OnnxType.Int64, [values.Length], values);

    /// <summary>A constant integer without dimensions.</summary>
    public OnnxValue Integer(long value) => Constant($"int64_scalar_{value}", OnnxType.Int64, [], [value]);

    /// <summary>A constant number without dimensions, in a given type; equal ones are written once.</summary>
    public OnnxValue Number(double value, OnnxType type) => type == OnnxType.Float16
        ? Constant(FormattableString.Invariant($"float16_scalar_{value}"), type, [], [(Half)value])
        : Constant(FormattableString.Invariant($"float_scalar_{value}"), type, [], [(float)value]);

    /// <summary>A constant of float32 numbers.</summary>
    public OnnxValue Floats(string name, long[] shape, float[] values) =>
        AddInitializer(Unique(name), OnnxType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private OnnxValue Constant<T>(string key, OnnxType type, long[] shape, T[] values) where T : struct
    {
        if (constants.TryGetValue(key, out OnnxValue? known)) return known;
        names.Add(key);
        return constants[key] = AddInitializer(key, type, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private OnnxValue AddInitializer(string name, OnnxType type, long[] shape, byte[] data)
    {
        initializers.Add(new(name, type, shape, data));
        return new(name, type, [.. shape.Select(size => new OnnxDimension(size))]);
    }

    private string Unique(string part)
    {
        string path = scope.Length == 0 ? part : $"{scope}.{part}";
        if (names.Add(path)) return path;
        for (int i = 1; ; i++)
        {
            string numbered = FormattableString.Invariant($"{path}_{i}");
            if (names.Add(numbered)) return numbered;
        }
    }

    private sealed class ScopeEnd(OnnxGraph graph, string outer) : IDisposable
    {
        public void Dispose() => graph.scope = outer;
    }
}
