using System.Buffers.Binary;
using System.Text;
using Xunit;
using YoloTune.Drawing;

namespace YoloTune.Tests.Drawing;

public sealed class TensorBoardWriterTests
{
    [Fact]
    public void Crc_equals_the_check_value_of_the_castagnoli_polynomial()
    {
        // The catalogue's check value of CRC-32C over "123456789".
        Assert.Equal(0xe3069283u, Crc("123456789"u8));
        Assert.Equal(Mask(0xe3069283), TensorBoardWriter.MaskedCrc("123456789"u8));
    }

    [Fact]
    public void Scalars_are_read_back_while_the_file_is_still_open()
    {
        using var scratch = new Scratch();
        using var writer = new TensorBoardWriter(scratch.Path("run"));
        writer.AddScalar("train/box_loss", 1.25, 1);
        writer.AddScalars([new("metrics/mAP50(B)", 0.5), new("画像", double.NaN)], 300);
        List<Record> records = Read(writer.FilePath);
        Assert.Equal("brain.Event:2", records[0].Version);
        Assert.Equal([("train/box_loss", 1.25f)], records[1].Values);
        Assert.Equal(1, records[1].Step);
        Assert.Equal([("metrics/mAP50(B)", 0.5f), ("画像", float.NaN)], records[2].Values);
        Assert.Equal(300, records[2].Step);
        Assert.InRange(records[1].Time, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 600, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.StartsWith("events.out.tfevents.", Path.GetFileName(writer.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_writer_starts_a_file_of_its_own()
    {
        using var scratch = new Scratch();
        using var first = new TensorBoardWriter(scratch.Folder);
        using var second = new TensorBoardWriter(scratch.Folder);
        Assert.NotEqual(first.FilePath, second.FilePath);
        Assert.Single(Read(second.FilePath));
    }

    /// <summary>Reads the format from its description, without the writer's helpers, and checks both checksums of every record.</summary>
    private static List<Record> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var records = new List<Record>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            Assert.Equal(Mask(Crc(bytes.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            byte[] message = bytes[(at + 12)..(at + 12 + length)];
            Assert.Equal(Mask(Crc(message)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            records.Add(Parse(message));
            at += length + 16;
        }
        return records;
    }

    private static Record Parse(byte[] message)
    {
        var record = new Record(0, 0, null, []);
        foreach ((int field, ulong number, byte[] data) in Fields(message))
        {
            record = field switch
            {
                1 => record with { Time = BitConverter.UInt64BitsToDouble(number) },
                2 => record with { Step = (long)number },
                3 => record with { Version = Encoding.UTF8.GetString(data) },
                5 => record with { Values = [.. Fields(data).Select(v => Scalar(v.Data))] },
                _ => throw new InvalidDataException($"Field {field} was not expected."),
            };
        }
        return record;
    }

    private static (string, float) Scalar(byte[] message)
    {
        var fields = Fields(message).ToDictionary(f => f.Field);
        return (Encoding.UTF8.GetString(fields[1].Data), BitConverter.UInt32BitsToSingle((uint)fields[2].Number));
    }

    private static IEnumerable<(int Field, ulong Number, byte[] Data)> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message, ref at);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return (field, Varint(message, ref at), []);
                    break;
                case 1:
                    yield return (field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    yield return (field, 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return (field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException("An unknown wire type.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        }
        return ~crc;
    }

    private static uint Mask(uint crc) => (crc >> 15 | crc << 17) + 0xa282ead8;

    private sealed record Record(double Time, long Step, string? Version, IReadOnlyList<(string, float)> Values);
}
