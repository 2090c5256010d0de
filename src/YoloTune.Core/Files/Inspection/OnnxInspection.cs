using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Lists what an .onnx file contains, without ONNX Runtime. A graph is data, but its tensors may lie in other files, and its operators
/// may ask for a library that somebody else wrote; both are findings.
/// </summary>
/// <remarks>Source: onnx.proto3 of the ONNX specification, for the numbers of the fields.</remarks>
internal sealed class OnnxInspection
{
    private const int MaxDepth = 16;
    private const int MostEntries = 500_000;
    private const int MostFindings = 10_000;

    private static readonly HashSet<string> KnownDomains = ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft"];

    private static readonly string[] TypeNames =
    [
        "undefined", "float32", "byte", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32",
        "uint64", "complex64", "complex128", "bfloat16",
    ];

    private readonly string path;
    private readonly List<CheckpointFinding> findings = [];
    private readonly List<CheckpointTensor> tensors = [];
    private readonly Dictionary<string, (int Count, bool IsDangerous)> operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private int entries;

    private OnnxInspection(string path) => this.path = path;

    public static CheckpointReport Inspect(string path, long length)
    {
        OnnxInspection inspection = new(path);
        string? problem = null;
        try
        {
            using SafeFileHandle handle = ModelFile.Open(path);
            inspection.Model(new(handle, path, 0, length));
        }
        catch (ModelFormatException exception)
        {
            problem = exception.Message;
        }
        return new()
        {
            Path = path,
            Format = CheckpointFormat.Onnx,
            Length = length,
            Problem = problem,
            Findings = inspection.findings.ToArray(),
            Globals = inspection.operators.Select(entry => new CheckpointGlobal(entry.Key, entry.Value.Count, entry.Value.IsDangerous)).ToArray(),
            Tensors = inspection.tensors.ToArray(),
            Metadata = inspection.metadata,
        };
    }

    private void Model(ProtoFields model)
    {
        bool hasGraph = false;
        while (model.Next())
        {
            Count();
            if (!model.HasContent) continue;
            switch (model.Number)
            {
                case 7:
                    hasGraph = true;
                    Graph(model.Message(), nodes: 1, initializers: 5, depth: 0);
                    break;
                case 14:
                    (string key, string value) = Entry(model.Message());
                    metadata[key] = value;
                    break;
                case 25: Graph(model.Message(), nodes: 7, initializers: -1, depth: 0); break;
            }
        }
        if (!hasGraph) throw new ModelFormatException("the file holds no graph.", path, remedy: "It is damaged, or it is not an .onnx file.");
    }

    /// <summary>A graph, or a function, which keeps its nodes under another number.</summary>
    private void Graph(ProtoFields graph, int nodes, int initializers, int depth)
    {
        if (depth > MaxDepth) throw new ModelFormatException($"its graphs are nested deeper than the limit of {MaxDepth}.", path);
        while (graph.Next())
        {
            Count();
            if (!graph.HasContent) continue;
            if (graph.Number == nodes) Node(graph.Message(), depth);
            else if (graph.Number == initializers) Tensor(graph.Message());
        }
    }

    private void Node(ProtoFields node, int depth)
    {
        string name = "", type = "", domain = "";
        while (node.Next())
        {
            Count();
            if (!node.HasContent) continue;
            switch (node.Number)
            {
                case 3: name = node.Text(); break;
                case 4: type = node.Text(); break;
                case 7: domain = node.Text(); break;
                case 5: Attribute(node.Message(), depth); break;
            }
        }
        bool isUnknown = !KnownDomains.Contains(domain);
        string key = Cut(domain is "" or "ai.onnx" ? type : $"{domain}.{type}");
        operators[key] = (operators.GetValueOrDefault(key).Count + 1, isUnknown);
        if (isUnknown) Add(new($"node {Cut(name)}", "domain", key, $"the operators of the domain '{Cut(domain)}' come from a library outside ONNX."));
    }

    private void Attribute(ProtoFields attribute, int depth)
    {
        while (attribute.Next())
        {
            Count();
            if (!attribute.HasContent) continue;
            if (attribute.Number is 5 or 10) Tensor(attribute.Message());
            else if (attribute.Number is 6 or 11) Graph(attribute.Message(), nodes: 1, initializers: 5, depth + 1);
        }
    }

    private void Tensor(ProtoFields tensor)
    {
        string name = "";
        long type = 0;
        List<long> shape = [];
        string? outside = null;
        while (tensor.Next())
        {
            Count();
            switch (tensor.Number)
            {
                case 1: shape.AddRange(tensor.Numbers().Take(65)); break;
                case 2 when !tensor.HasContent: type = tensor.Value; break;
                case 8 when tensor.HasContent: name = Cut(tensor.Text()); break;
                case 13 when tensor.HasContent:
                    (string key, string value) = Entry(tensor.Message());
                    if (key == "location") outside = value;
                    outside ??= "";
                    break;
            }
            if (shape.Count > 64) throw new ModelFormatException("a tensor has more than 64 dimensions.", path, $"tensor {name}");
        }
        tensors.Add(new(name, type >= 0 && type < TypeNames.Length ? TypeNames[type] : FormattableString.Invariant($"type {type}"), [.. shape]));
        if (outside is not null)
        {
            Add(new($"tensor {name}", "external_data", Cut(outside), $"its values lie in another file, '{Cut(outside)}', which a runtime opens."));
        }
    }

    private static (string Key, string Value) Entry(ProtoFields entry)
    {
        string key = "", value = "";
        while (entry.Next())
        {
            if (!entry.HasContent) continue;
            if (entry.Number == 1) key = entry.Text();
            else if (entry.Number == 2) value = entry.Text();
        }
        return (key, value);
    }

    private static string Cut(string text) => text.Length > CheckpointTensor.LongestName ? text[..CheckpointTensor.LongestName] : text;

    private void Add(CheckpointFinding finding)
    {
        if (findings.Count < MostFindings) findings.Add(finding);
    }

    private void Count()
    {
        if (++entries > MostEntries) throw new ModelFormatException($"the file has more fields than the limit of {MostEntries}.", path);
    }
}
