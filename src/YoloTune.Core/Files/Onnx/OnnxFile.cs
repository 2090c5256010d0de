namespace YoloTune.Files.Onnx;

/// <summary>Writes graphs in the ONNX format.</summary>
/// <remarks>Source of the field numbers: the ONNX intermediate representation specification, version 8 (operator set 17).</remarks>
internal static class OnnxFile
{
    /// <summary>The operator set of the default domain that the graphs keep to; the file names it.</summary>
    public const int OperatorSet = 17;

    private const long RepresentationVersion = 8;

    /// <summary>Writes a model file.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="version">The version of the program that writes.</param>
    /// <param name="metadata">Texts by name.</param>
    public static void Write(
        Stream stream, OnnxGraph graph, string name, string version, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ProtoMessage body = new ProtoMessage()
            .AddAll(1, graph.Nodes.Select(Node))
            .Add(2, name)
            .AddAll(5, graph.Initializers.Select(Initializer))
            .AddAll(11, graph.Inputs.Select(Value))
            .AddAll(12, graph.Outputs.Select(Value))
            .AddAll(13, graph.Intermediates.Select(Value));
        new ProtoMessage()
            .Add(1, RepresentationVersion)
            .Add(2, "YoloTune")
            .Add(3, version)
            .Add(7, body)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, (long)OperatorSet))
            .AddAll(14, metadata.Select(entry => new ProtoMessage().Add(1, entry.Key).Add(2, entry.Value)))
            .WriteTo(stream);
    }

    private static ProtoMessage Node(OnnxNode node) => new ProtoMessage()
        .AddAll(1, node.Inputs)
        .AddAll(2, node.Outputs)
        .Add(3, node.Name)
        .Add(4, node.Operator)
        .AddAll(5, node.Attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage message = new ProtoMessage().Add(1, name);
        return value switch
        {
            float real => message.Add(2, real).Add(20, 1L),
            long integer => message.Add(3, integer).Add(20, 2L),
            string text => message.Add(4, System.Text.Encoding.UTF8.GetBytes(text)).Add(20, 3L),
            OnnxInitializer tensor => message.Add(5, Initializer(tensor)).Add(20, 4L),
            long[] integers => message.AddAll(8, integers).Add(20, 7L),
            _ => throw new ArgumentException($"An attribute cannot hold a {value.GetType().Name}.", nameof(value)),
        };
    }

    private static ProtoMessage Initializer(OnnxInitializer tensor) => new ProtoMessage()
        .AddAll(1, tensor.Shape)
        .Add(2, (long)tensor.Type)
        .Add(8, tensor.Name)
        .Add(9, tensor.Data);

    private static ProtoMessage Value(OnnxValue value)
    {
        ProtoMessage shape = new ProtoMessage().AddAll(1, value.Shape.Select(dimension => new ProtoMessage()
            .Add(1, dimension.IsKnown ? dimension.Size : null)
            .Add(2, dimension.IsKnown ? null : dimension.Name)));
        ProtoMessage tensor = new ProtoMessage().Add(1, (long)value.Type).Add(2, shape);
        return new ProtoMessage().Add(1, value.Name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
