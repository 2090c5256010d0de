using Google.Protobuf;

namespace YoloTune.Tests.Export;

/// <summary>
/// An .onnx file read field by field, with the numbers of the format's specification, by code that shares nothing with the writer.
/// </summary>
internal sealed class OnnxFileView
{
    public OnnxFileView(byte[] bytes)
    {
        foreach ((int number, object value) in Fields(bytes))
        {
            switch (number)
            {
                case 1: RepresentationVersion = (long)value; break;
                case 7: ReadGraph((byte[])value); break;
                case 8:
                    var set = Fields((byte[])value).ToDictionary(field => field.Number, field => field.Value);
                    OperatorSets[Text(set.GetValueOrDefault(1, Array.Empty<byte>()))] = (long)set[2];
                    break;
                case 14:
                    var entry = Fields((byte[])value).ToDictionary(field => field.Number, field => Text(field.Value));
                    Metadata[entry[1]] = entry[2];
                    break;
            }
        }
    }

    public long RepresentationVersion { get; private set; }

    public Dictionary<string, long> OperatorSets { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    public List<Node> Nodes { get; } = [];

    public List<Tensor> Initializers { get; } = [];

    public List<Value> Inputs { get; } = [];

    public List<Value> Outputs { get; } = [];

    public List<Value> Intermediates { get; } = [];

    /// <summary>
    /// The file with more outputs: protocol buffers of one type written after each other are one message with all the fields.
    /// </summary>
    public static byte[] WithOutputs(byte[] file, IEnumerable<Value> values)
    {
        using MemoryStream graph = new();
        using (CodedOutputStream output = new(graph, leaveOpen: true))
        {
            foreach (Value value in values) Write(output, 12, value.Encoded);
        }
        using MemoryStream whole = new();
        whole.Write(file);
        using (CodedOutputStream output = new(whole, leaveOpen: true)) Write(output, 7, graph.ToArray());
        return whole.ToArray();

        static void Write(CodedOutputStream output, int number, byte[] message)
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(message));
        }
    }

    private void ReadGraph(byte[] bytes)
    {
        foreach ((int number, object value) in Fields(bytes))
        {
            switch (number)
            {
                case 1: Nodes.Add(ReadNode((byte[])value)); break;
                case 5: Initializers.Add(ReadTensor((byte[])value)); break;
                case 11: Inputs.Add(ReadValue((byte[])value)); break;
                case 12: Outputs.Add(ReadValue((byte[])value)); break;
                case 13: Intermediates.Add(ReadValue((byte[])value)); break;
            }
        }
    }

    private static Node ReadNode(byte[] bytes)
    {
        List<(int Number, object Value)> fields = [.. Fields(bytes)];
        IEnumerable<string> Texts(int number) => fields.Where(field => field.Number == number).Select(field => Text(field.Value));
        return new(Texts(4).Single(), Texts(3).Single(), [.. Texts(1)], [.. Texts(2)]);
    }

    private static Tensor ReadTensor(byte[] bytes)
    {
        List<(int Number, object Value)> fields = [.. Fields(bytes)];
        return new(Text(fields.Single(field => field.Number == 8).Value), (long)fields.Single(field => field.Number == 2).Value,
            [.. fields.Where(field => field.Number == 1).Select(field => (long)field.Value)],
            ((byte[])fields.Single(field => field.Number == 9).Value).Length);
    }

    private static Value ReadValue(byte[] bytes)
    {
        byte[] type = (byte[])Fields(bytes).Single(field => field.Number == 2).Value;
        byte[] tensor = (byte[])Fields(type).Single(field => field.Number == 1).Value;
        byte[] shape = (byte[])Fields(tensor).Single(field => field.Number == 2).Value;
        List<string> dimensions = [];
        foreach ((_, object dimension) in Fields(shape))
        {
            (int Number, object Value) size = Fields((byte[])dimension).FirstOrDefault();
            dimensions.Add(size.Number switch { 1 => ((long)size.Value).ToString(), 2 => Text(size.Value), _ => "?" });
        }
        return new(Text(Fields(bytes).Single(field => field.Number == 1).Value),
            (long)Fields(tensor).Single(field => field.Number == 1).Value, dimensions, bytes);
    }

    private static IEnumerable<(int Number, object Value)> Fields(byte[] bytes)
    {
        CodedInputStream input = new(bytes);
        List<(int, object)> fields = [];
        while (input.ReadTag() is var tag and not 0)
        {
            fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"wire type {other}"),
            }));
        }
        return fields;
    }

    private static string Text(object bytes) => System.Text.Encoding.UTF8.GetString((byte[])bytes);

    public sealed record Node(string Operator, string Name, string[] Inputs, string[] Outputs);

    public sealed record Tensor(string Name, long Type, long[] Shape, int Bytes);

    public sealed record Value(string Name, long Type, List<string> Shape, byte[] Encoded);
}
