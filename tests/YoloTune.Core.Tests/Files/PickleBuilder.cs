using System.Buffers.Binary;
using System.Text;
using YoloTune.Files.Torch;

namespace YoloTune.Tests.Files;

/// <summary>Writes pickles opcode by opcode, so that tests can write what no honest writer would.</summary>
internal sealed class PickleBuilder
{
    private readonly MemoryStream stream = new();

    public PickleBuilder(int protocol = 2) => Op(PickleOpcode.PROTO).Byte(protocol);

    public PickleBuilder Op(params PickleOpcode[] opcodes)
    {
        foreach (PickleOpcode opcode in opcodes) stream.WriteByte((byte)opcode);
        return this;
    }

    public PickleBuilder Byte(int value)
    {
        stream.WriteByte((byte)value);
        return this;
    }

    public PickleBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public PickleBuilder UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleBuilder Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Op(PickleOpcode.BINUNICODE).UInt32((uint)bytes.Length).Raw(bytes);
    }

    public PickleBuilder Int(long value) => Op(PickleOpcode.LONG1).Byte(8).Raw(BitConverter.GetBytes(value));

    public PickleBuilder Global(string module, string name) => Op(PickleOpcode.GLOBAL).Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    /// <summary>The call function(text).</summary>
    public PickleBuilder Call(string module, string name, string argument) =>
        Global(module, name).Text(argument).Op(PickleOpcode.TUPLE1, PickleOpcode.REDUCE);

    public PickleBuilder Storage(string type = "FloatStorage", string key = "0", long count = 4) =>
        Op(PickleOpcode.MARK).Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count)
            .Op(PickleOpcode.TUPLE, PickleOpcode.BINPERSID);

    /// <summary>A tensor over <see cref="Storage"/>.</summary>
    public PickleBuilder Tensor(
        long[] shape, long[] strides, long offset = 0, string type = "FloatStorage", string key = "0", long count = 4)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op(PickleOpcode.MARK).Storage(type, key, count).Int(offset);
        foreach (long[] numbers in new[] { shape, strides })
        {
            Op(PickleOpcode.MARK);
            foreach (long number in numbers) Int(number);
            Op(PickleOpcode.TUPLE);
        }
        return Op(PickleOpcode.NEWFALSE).Global("collections", "OrderedDict").Op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.REDUCE)
            .Op(PickleOpcode.TUPLE, PickleOpcode.REDUCE);
    }

    public byte[] End() => Op(PickleOpcode.STOP).stream.ToArray();
}
