using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;

namespace YoloTune.Drawing;

/// <summary>
/// Writes scalars for TensorBoard. Each record goes to the file at once and whole, so a run that is killed leaves a readable file;
/// TorchSharp's own SummaryWriter can be neither flushed nor closed, which is why it is not used. The format is TFRecord: length
/// (uint64), masked CRC-32C of the length, an Event message, masked CRC-32C of the message; all little-endian.
/// </summary>
internal sealed class TensorBoardWriter : IDisposable
{
    private const string FileVersion = "brain.Event:2";
    private const uint CrcMask = 0xa282ead8;
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    // Field numbers of tensorflow.Event, Summary and Summary.Value.
    private const int EventWallTime = 1, EventStep = 2, EventFileVersion = 3, EventSummary = 5;
    private const int SummaryValue = 1, ValueTag = 1, ValueSimple = 2;

    private readonly TimeProvider clock;
    private readonly FileStream file;

    /// <summary>Starts a new event file in a folder, which is created; files already there stay and TensorBoard joins them.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="clock">The clock of the records' times; null for the system's.</param>
    public TensorBoardWriter(string folder, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        file = CreateFile(folder, this.clock.GetUtcNow().ToUnixTimeSeconds());
        FilePath = file.Name;
        WriteEvent(output =>
        {
            output.WriteTag(EventFileVersion, WireFormat.WireType.LengthDelimited);
            output.WriteString(FileVersion);
        });
    }

    /// <summary>The full path of the event file.</summary>
    public string FilePath { get; }

    /// <summary>Writes one value.</summary>
    /// <param name="tag">The curve's name, such as train/box_loss.</param>
    /// <param name="value">The value, stored as float32; NaN and infinities are allowed.</param>
    /// <param name="step">The epoch or iteration.</param>
    public void AddScalar(string tag, double value, long step) => AddScalars([new(tag, value)], step);

    /// <summary>Writes several values of one step as one record.</summary>
    public void AddScalars(IEnumerable<KeyValuePair<string, double>> values, long step)
    {
        byte[] summary = Message(output =>
        {
            foreach ((string tag, double value) in values)
            {
                output.WriteTag(SummaryValue, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(inner =>
                {
                    inner.WriteTag(ValueTag, WireFormat.WireType.LengthDelimited);
                    inner.WriteString(tag);
                    inner.WriteTag(ValueSimple, WireFormat.WireType.Fixed32);
                    inner.WriteFloat((float)value);
                })));
            }
        });
        WriteEvent(output =>
        {
            output.WriteTag(EventStep, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            output.WriteTag(EventSummary, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(UnsafeByteOperations.UnsafeWrap(summary));
        });
    }

    /// <summary>Makes sure that everything is on the disk.</summary>
    public void Flush() => file.Flush(flushToDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>The masked CRC-32C (Castagnoli) that TFRecord stores.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data) crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + CrcMask;
    }

    private static FileStream CreateFile(string folder, long seconds)
    {
        string host = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        for (int number = 0; ; number++)
        {
            string name = string.Create(
                CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.{host}.{Environment.ProcessId}.{number}");
            string path = Path.Combine(Path.GetFullPath(folder), name);
            // No buffer: a record must reach the operating system when it is written.
            if (!File.Exists(path)) return new FileStream(path, FileMode.CreateNew, FileAccess.Write, Shared, bufferSize: 0);
        }
    }

    private static byte[] Message(Action<CodedOutputStream> content)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true)) content(output);
        return buffer.ToArray();
    }

    private void WriteEvent(Action<CodedOutputStream> content)
    {
        byte[] message = Message(output =>
        {
            output.WriteTag(EventWallTime, WireFormat.WireType.Fixed64);
            output.WriteDouble((clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
            content(output);
        });
        byte[] record = new byte[message.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        message.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + message.Length), MaskedCrc(message));
        file.Write(record);
    }
}
