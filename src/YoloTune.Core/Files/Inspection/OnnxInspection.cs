using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Lists what an .onnx file contains, without ONNX Runtime. A graph is data, but its tensors may lie in other files, and its operators
/// may ask for a library that others wrote; both are findings, and so are fields that the format does not have.
/// </summary>
/// <remarks>Source: onnx.proto3 of the ONNX specification, for the numbers of the fields.</remarks>
internal sealed class OnnxInspection
{
    private const int MaxDepth = 16;
    private const int MostEntries = 500_000;
    private const int External = 1;

    private static readonly HashSet<string> KnownDomains =
        ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft"];

    private static readonly HashSet<int>
        ModelFields = [1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26],
        GraphFields = [1, 2, 5, 10, 11, 12, 13, 14, 15, 16],
        FunctionFields = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        NodeFields = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        AttributeFields = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 20, 21, 22, 23],
        TensorFields = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16],
        SparseFields = [1, 2, 3],
        TrainingFields = [1, 2, 3, 4];

    private static readonly (string Name, int Size)[] Types =
    [
        ("undefined", 0), ("float32", 4), ("byte", 1), ("int8", 1), ("uint16", 2), ("int16", 2), ("int32", 4), ("int64", 8), ("string", 0),
        ("bool", 1),
        ("float16", 2), ("float64", 8), ("uint32", 4), ("uint64", 8), ("complex64", 8), ("complex128", 16), ("bfloat16", 2),
    ];

    private readonly string path;
    private readonly InspectionNotes notes;
    private int entries;

    private OnnxInspection(string path, InspectionNotes notes)
    {
        this.path = path;
        this.notes = notes;
    }

    public static void Inspect(SafeFileHandle handle, string path, InspectionNotes notes)
    {
        long length = RandomAccess.GetLength(handle);
        notes.UncheckedBytes = length;
        try
        {
            new OnnxInspection(path, notes).Model(new(handle, path, 0, length));
        }
        catch (ModelFormatException exception)
        {
            notes.Fail(exception.Message);
        }
    }

    private void Model(ProtoFields model)
    {
        int graphs = 0;
        while (Next(model, ModelFields, "the model"))
        {
            if (!model.HasContent) continue;
            switch (model.Number)
            {
                case 7:
                    if (++graphs == 2) notes.Suspicion("the model", "graph", "", "the file holds more than one graph.");
                    Graph(model.Message(), GraphFields, nodes: 1, initializers: 5, depth: 0);
                    break;
                case 14:
                    (string key, string value) = Entry(model.Message());
                    if (!notes.Metadata.TryAdd(key, value)) notes.Suspicion("the model", "metadata", key, "the metadata stands twice.");
                    break;
                case 20: Training(model.Message()); break;
                case 25: Graph(model.Message(), FunctionFields, nodes: 7, initializers: -1, depth: 0); break;
            }
        }
        if (graphs == 0)
            throw new ModelFormatException("the file holds no graph.", path, remedy: "It is damaged, or it is not an .onnx file.");
    }

    private void Training(ProtoFields training)
    {
        while (Next(training, TrainingFields, "the training"))
        {
            if (training is { HasContent: true, Number: 1 or 2 })
                Graph(training.Message(), GraphFields, nodes: 1, initializers: 5, depth: 1);
        }
    }

    /// <summary>A graph, or a function, which keeps its nodes under another number.</summary>
    private void Graph(ProtoFields graph, HashSet<int> fields, int nodes, int initializers, int depth)
    {
        if (depth > MaxDepth) throw new ModelFormatException($"its graphs are nested deeper than the limit of {MaxDepth}.", path);
        while (Next(graph, fields, "the graph"))
        {
            if (!graph.HasContent) continue;
            if (graph.Number == nodes) Node(graph.Message(), depth);
            else if (graph.Number == initializers) Tensor(graph.Message());
            else if (initializers >= 0 && graph.Number == 15) Sparse(graph.Message());
            else if (initializers < 0 && graph.Number == 11) Attribute(graph.Message(), depth);
        }
    }

    private void Node(ProtoFields node, int depth)
    {
        string name = "", type = "", domain = "";
        while (Next(node, NodeFields, "a node"))
        {
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
        string key = InspectionNotes.Cut(domain is "" or "ai.onnx" ? type : $"{domain}.{type}");
        notes.Count(key, 1, isUnknown);
        if (!isUnknown) return;
        notes.Danger($"node {InspectionNotes.Cut(name)}", "domain", key,
            $"the operators of the domain '{InspectionNotes.Cut(domain)}' come from a library outside ONNX.");
    }

    private void Attribute(ProtoFields attribute, int depth)
    {
        while (Next(attribute, AttributeFields, "an attribute"))
        {
            if (!attribute.HasContent) continue;
            if (attribute.Number is 5 or 10) Tensor(attribute.Message());
            else if (attribute.Number is 6 or 11) Graph(attribute.Message(), GraphFields, nodes: 1, initializers: 5, depth + 1);
            else if (attribute.Number is 22 or 23) Sparse(attribute.Message());
        }
    }

    private void Sparse(ProtoFields sparse)
    {
        while (Next(sparse, SparseFields, "a sparse tensor"))
        {
            if (sparse is { HasContent: true, Number: 1 or 2 }) Tensor(sparse.Message());
        }
    }

    private void Tensor(ProtoFields tensor)
    {
        string name = "";
        long type = 0;
        long raw = -1;
        List<long> shape = [];
        string? outside = null;
        while (Next(tensor, TensorFields, "a tensor"))
        {
            switch (tensor.Number)
            {
                case 1: shape.AddRange(tensor.Numbers().Take(65)); break;
                case 2 when !tensor.HasContent: type = tensor.Value; break;
                case 8 when tensor.HasContent: name = InspectionNotes.Cut(tensor.Text()); break;
                case 9 when tensor.HasContent: raw = tensor.ContentEnd - tensor.ContentBegin; break;
                case 13 when tensor.HasContent:
                    (string key, string value) = Entry(tensor.Message());
                    if (key == "location") outside = value;
                    outside ??= "";
                    break;
                case 14 when !tensor.HasContent && tensor.Value == External: outside ??= ""; break;
            }
            if (shape.Count > 64) throw new ModelFormatException("a tensor has more than 64 dimensions.", path, $"tensor {name}");
        }
        bool isKnown = type >= 0 && type < Types.Length;
        CheckpointTensor described = new(name, isKnown ? Types[type].Name : FormattableString.Invariant($"type {type}"), [.. shape]);
        notes.Tensors.Add(described);
        if (outside is not null) Outside(name, outside);
        else if (raw >= 0 && isKnown && Types[type].Size is > 0 and var size && (Int128)described.Elements * size != raw)
        {
            notes.Suspicion($"tensor {name}", "raw_data", name, FormattableString.Invariant(
                $"its shape needs {described.Elements} elements of {size} bytes, and {raw} bytes stand there."));
        }
    }

    /// <summary>
    /// Values in another file: one that lies elsewhere may be any file of the reader's, one beside the model is not looked at.
    /// </summary>
    private void Outside(string name, string location)
    {
        string shown = InspectionNotes.Cut(location);
        bool isInside = location.Length > 0 && !Path.IsPathRooted(location) && !location.Contains(':', StringComparison.Ordinal)
            && !location.StartsWith('~') && !location.Split('/', '\\').Contains("..") && !location.StartsWith('\\');
        if (isInside)
            notes.Suspicion(
                $"tensor {name}", "external_data", shown, $"its values lie in another file, '{shown}', which is not looked at here.");
        else notes.Danger($"tensor {name}", "external_data", shown,
            $"its values lie in another file, '{shown}', outside the model's folder, which a runtime opens.");
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

    private bool Next(ProtoFields message, HashSet<int> known, string place)
    {
        if (!message.Next()) return false;
        if (++entries > MostEntries) throw new ModelFormatException($"the file has more fields than the limit of {MostEntries}.", path);
        if (!known.Contains(message.Number))
        {
            notes.Suspicion(place, "field", "", FormattableString.Invariant(
                $"it has a field of the number {message.Number}, which ONNX does not have."));
        }
        return true;
    }
}
