using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace YoloTune.Files.Torch;

/// <summary>
/// Writes pickle protocol 2 from the same values that <see cref="PickleReader"/> gives: null, bool, int, long, double, string, and this
/// namespace's Pickle types. What occurs more than once is written once and taken from the memo afterwards, so that sharing survives
/// and the same values give the same bytes. torch.load(weights_only=True) knows every opcode used.
/// </summary>
internal sealed class PickleWriter
{
    /// <summary>Python's own pickler fills lists and dictionaries in batches of this size.</summary>
    private const int Batch = 1000;

    private const int MaxDepth = 400;

    private static readonly PickleGlobal OrderedDict = new("collections", "OrderedDict");
    private static readonly PickleGlobal Set = new("__builtin__", "set");
    private static readonly PickleGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickleGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    private readonly Stream stream;
    private readonly Dictionary<object, int> memo = new(PickleMemoComparer.Instance);
    private int depth;

    /// <summary>Writes to a stream, which stays open.</summary>
    public PickleWriter(Stream stream) => this.stream = stream;

    /// <summary>Writes one complete pickle, from PROTO to STOP.</summary>
    /// <exception cref="ArgumentException">A value of another type is among them, or they are nested too deep.</exception>
    public void Write(object? value)
    {
        memo.Clear();
        stream.WriteByte((byte)PickleOpcode.PROTO);
        stream.WriteByte(2);
        WriteValue(value);
        Emit(PickleOpcode.STOP);
    }

    /// <summary>The bytes of one complete pickle.</summary>
    public static byte[] ToBytes(object? value)
    {
        using MemoryStream bytes = new();
        new PickleWriter(bytes).Write(value);
        return bytes.ToArray();
    }

    private void WriteValue(object? value)
    {
        if (++depth > MaxDepth) throw new ArgumentException($"The values are nested deeper than {MaxDepth}.", nameof(value));
        switch (value)
        {
            case null: Emit(PickleOpcode.NONE); break;
            case bool truth: Emit(truth ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE); break;
            case int number: WriteInteger(number); break;
            case long number: WriteInteger(number); break;
            case BigInteger number: WriteBig(number); break;
            case double number: WriteDouble(number); break;
            default:
                if (!TryGetFromMemo(value)) WriteShared(value);
                break;
        }
        depth--;
    }

    private void WriteShared(object value)
    {
        switch (value)
        {
            case string text: WriteText(text); break;
            case byte[] bytes:
                WriteCall(new("_codecs", "encode"), new PickleTuple(Encoding.Latin1.GetString(bytes), "latin1"));
                Remember(value);
                break;
            case PickleGlobal global: WriteGlobal(global); break;
            case PickleTuple tuple: WriteTuple(tuple); break;
            case PickleList list: WriteList(list); break;
            case PickleDictionary dictionary: WriteDictionary(dictionary); break;
            case PickleObject instance: WriteObject(instance); break;
            case PickleStorage storage: WriteStorage(storage); break;
            case PickleTensor tensor: WriteTensor(tensor); break;
            default: throw new ArgumentException($"A value of type {value.GetType()} cannot be written to a pickle.", nameof(value));
        }
    }

    private void WriteText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Emit(PickleOpcode.BINUNICODE);
        WriteInt32(bytes.Length);
        stream.Write(bytes);
        Remember(text);
    }

    private void WriteGlobal(PickleGlobal global)
    {
        if (global.Module.Contains('\n') || global.Name.Contains('\n'))
        {
            throw new ArgumentException("A class name has a line break.", nameof(global));
        }
        Emit(PickleOpcode.GLOBAL);
        stream.Write(Encoding.UTF8.GetBytes($"{global.Module}\n{global.Name}\n"));
        Remember(global);
    }

    private void WriteTuple(PickleTuple tuple)
    {
        if (tuple.Count == 0)
        {
            Emit(PickleOpcode.EMPTY_TUPLE);
            return;
        }
        if (tuple.Count > 3) Emit(PickleOpcode.MARK);
        foreach (object? item in tuple) WriteValue(item);
        Emit(tuple.Count switch { 1 => PickleOpcode.TUPLE1, 2 => PickleOpcode.TUPLE2, 3 => PickleOpcode.TUPLE3, _ => PickleOpcode.TUPLE });
        Remember(tuple);
    }

    private void WriteList(PickleList list)
    {
        if (list.IsSet)
        {
            // A set is made from a list in one call, as Python writes it in protocol 2.
            PickleList items = [];
            foreach (object? item in list) items.Add(item);
            WriteCall(Set, new PickleTuple(items));
            Remember(list);
            return;
        }
        Emit(PickleOpcode.EMPTY_LIST);
        Remember(list);
        WriteItems(list);
    }

    private void WriteItems(PickleList? list)
    {
        if (list is not { Count: > 0 }) return;
        foreach (object?[] batch in list.Chunk(Batch))
        {
            Emit(PickleOpcode.MARK);
            foreach (object? item in batch) WriteValue(item);
            Emit(PickleOpcode.APPENDS);
        }
    }

    private void WriteDictionary(PickleDictionary dictionary)
    {
        if (dictionary.IsOrderedDict) WriteCall(OrderedDict, PickleTuple.Empty);
        else Emit(PickleOpcode.EMPTY_DICT);
        Remember(dictionary);
        WriteEntries(dictionary);
        WriteState(dictionary);
    }

    private void WriteEntries(PickleDictionary? dictionary)
    {
        if (dictionary is not { Count: > 0 }) return;
        foreach (KeyValuePair<object, object?>[] batch in dictionary.Chunk(Batch))
        {
            Emit(PickleOpcode.MARK);
            foreach ((object key, object? item) in batch)
            {
                WriteValue(key);
                WriteValue(item);
            }
            Emit(PickleOpcode.SETITEMS);
        }
    }

    private void WriteObject(PickleObject instance)
    {
        WriteValue(instance.Type);
        WriteValue(instance.Arguments);
        Emit(PickleOpcode.NEWOBJ);
        Remember(instance);
        WriteItems(instance.ListItems);
        WriteEntries(instance.DictionaryItems);
        WriteState(instance);
    }

    private void WriteState(PickleContainer container)
    {
        if (container.State is null) return;
        WriteValue(container.State);
        Emit(PickleOpcode.BUILD);
    }

    private void WriteStorage(PickleStorage storage)
    {
        WriteValue(new PickleTuple("storage", storage.Type, storage.Key, storage.Location, storage.Count));
        Emit(PickleOpcode.BINPERSID);
        Remember(storage);
    }

    private void WriteTensor(PickleTensor tensor)
    {
        PickleTuple arguments = new(
            tensor.Storage,
            tensor.Offset,
            new PickleTuple([.. tensor.Shape.Select(size => (object?)size)]),
            new PickleTuple([.. tensor.Strides.Select(stride => (object?)stride)]),
            tensor.RequiresGrad && !tensor.IsParameter,
            new PickleDictionary { IsOrderedDict = true });
        if (tensor.IsParameter)
        {
            PickleTensor data = tensor with { IsParameter = false, RequiresGrad = false };
            WriteCall(RebuildParameter, new PickleTuple(data, tensor.RequiresGrad, new PickleDictionary { IsOrderedDict = true }));
        }
        else WriteCall(RebuildTensor, arguments);
        Remember(tensor);
    }

    private void WriteCall(PickleGlobal function, PickleTuple arguments)
    {
        WriteValue(function);
        WriteValue(arguments);
        Emit(PickleOpcode.REDUCE);
    }

    private void WriteInteger(long value)
    {
        if (value is >= 0 and <= byte.MaxValue)
        {
            Emit(PickleOpcode.BININT1);
            stream.WriteByte((byte)value);
        }
        else if (value is >= 0 and <= ushort.MaxValue)
        {
            Emit(PickleOpcode.BININT2);
            stream.WriteByte((byte)value);
            stream.WriteByte((byte)(value >> 8));
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            Emit(PickleOpcode.BININT);
            WriteInt32((int)value);
        }
        else WriteBig(value);
    }

    private void WriteBig(BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        if (bytes.Length > byte.MaxValue) throw new ArgumentException("An integer has more than 255 bytes.", nameof(value));
        Emit(PickleOpcode.LONG1);
        stream.WriteByte((byte)bytes.Length);
        stream.Write(bytes);
    }

    private void WriteDouble(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Emit(PickleOpcode.BINFLOAT);
        stream.Write(bytes);
    }

    private void WriteInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private void Emit(PickleOpcode opcode) => stream.WriteByte((byte)opcode);

    private void Remember(object value)
    {
        int place = memo.Count;
        memo.Add(value, place);
        Emit(place <= byte.MaxValue ? PickleOpcode.BINPUT : PickleOpcode.LONG_BINPUT);
        if (place <= byte.MaxValue) stream.WriteByte((byte)place);
        else WriteInt32(place);
    }

    private bool TryGetFromMemo(object value)
    {
        if (!memo.TryGetValue(value, out int place)) return false;
        Emit(place <= byte.MaxValue ? PickleOpcode.BINGET : PickleOpcode.LONG_BINGET);
        if (place <= byte.MaxValue) stream.WriteByte((byte)place);
        else WriteInt32(place);
        return true;
    }
}
