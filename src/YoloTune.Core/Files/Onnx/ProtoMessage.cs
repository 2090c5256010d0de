using Google.Protobuf;

namespace YoloTune.Files.Onnx;

/// <summary>
/// A protocol buffer message as a list of fields, written without generated classes. Sizes are computed before anything is written, so
/// that weights are never copied into the messages around them.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, object Value)> fields = [];
    private int? size;

    /// <summary>Adds a field: a long (varint), a float, a text, bytes, or a message. Null adds nothing.</summary>
    public ProtoMessage Add(int number, object? value)
    {
        if (value is null) return this;
        if (value is not (long or float or string or byte[] or ProtoMessage))
        {
            throw new ArgumentException($"A field cannot hold a {value.GetType().Name}.", nameof(value));
        }
        fields.Add((number, value));
        return this;
    }

    /// <summary>Adds a repeated field.</summary>
    public ProtoMessage AddAll<T>(int number, IEnumerable<T> values)
    {
        foreach (T value in values) Add(number, value);
        return this;
    }

    /// <summary>Writes the message to a stream, which stays open.</summary>
    public void WriteTo(Stream stream)
    {
        using CodedOutputStream output = new(stream, leaveOpen: true);
        WriteTo(output, stream);
    }

    private int Size => size ??= fields.Sum(entry => CodedOutputStream.ComputeTagSize(entry.Number) + SizeOf(entry.Value));

    private static int SizeOf(object value) => value switch
    {
        long number => CodedOutputStream.ComputeInt64Size(number),
        float => sizeof(float),
        string text => CodedOutputStream.ComputeStringSize(text),
        byte[] bytes => CodedOutputStream.ComputeLengthSize(bytes.Length) + bytes.Length,
        _ => CodedOutputStream.ComputeLengthSize(((ProtoMessage)value).Size) + ((ProtoMessage)value).Size,
    };

    private void WriteTo(CodedOutputStream output, Stream stream)
    {
        foreach ((int number, object value) in fields)
        {
            output.WriteTag(number, WireTypeOf(value));
            switch (value)
            {
                case long integer: output.WriteInt64(integer); break;
                case float real: output.WriteFloat(real); break;
                case string text: output.WriteString(text); break;
                case byte[] bytes:
                    output.WriteLength(bytes.Length);
                    output.Flush();
                    stream.Write(bytes);
                    break;
                case ProtoMessage message:
                    output.WriteLength(message.Size);
                    message.WriteTo(output, stream);
                    break;
            }
        }
    }

    private static WireFormat.WireType WireTypeOf(object value) => value switch
    {
        long => WireFormat.WireType.Varint,
        float => WireFormat.WireType.Fixed32,
        _ => WireFormat.WireType.LengthDelimited,
    };
}
