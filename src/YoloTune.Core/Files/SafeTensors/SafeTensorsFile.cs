using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Torch;

namespace YoloTune.Files.SafeTensors;

/// <summary>
/// The safetensors format: an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and byte range,
/// then the raw little-endian data.
/// </summary>
internal static class SafeTensorsFile
{
    /// <summary>The longest header read, as in the format's own reader.</summary>
    private const long LongestHeader = 100_000_000;

    private const int LengthBytes = 8;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads every tensor of a file into memory, in the order of the header.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a safetensors file.</exception>
    public static IReadOnlyDictionary<string, torch.Tensor> Read(string path) => Load(path).Tensors;

    /// <summary>Reads every tensor of a file, straight into its memory, and the metadata.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a safetensors file.</exception>
    public static SafeTensorsContent Load(string path)
    {
        using var scope = torch.NewDisposeScope();
        SafeTensorsContent content = LoadIntoScope(path);
        foreach (torch.Tensor tensor in content.Tensors.Values) tensor.DetachFromDisposeScope();
        return content;
    }

    /// <summary>As <see cref="Load"/>, but the tensors belong to the caller's dispose scope.</summary>
    internal static SafeTensorsContent LoadIntoScope(string path)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        (SafeTensorsHeader header, long dataOffset) = ReadHeader(handle, path);
        Dictionary<string, torch.Tensor> tensors = new(header.Entries.Count, StringComparer.Ordinal);
        foreach (SafeTensorsEntry entry in header.Entries)
        {
            torch.Tensor tensor = torch.empty(entry.Shape, entry.Type);
            tensors.Add(entry.Name, tensor);
            if (entry.End > entry.Begin) ModelFile.ReadExactly(handle, tensor.bytes, dataOffset + entry.Begin, path);
        }
        VerifyChecksum(handle, header, dataOffset, path);
        return new(tensors, header.Metadata) { HasChecksum = header.Checksum is not null };
    }

    /// <summary>Reads the metadata alone.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a safetensors file.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        return ReadHeader(handle, path).Header.Metadata;
    }

    /// <summary>Told by the content: a header length that fits, then a JSON object.</summary>
    internal static bool LooksLikeOne(ReadOnlySpan<byte> start, long fileLength) =>
        start.Length > LengthBytes && start[LengthBytes] == '{'
        && BinaryPrimitives.ReadInt64LittleEndian(start) is >= 2 and var length && length <= fileLength - LengthBytes;

    /// <summary>Checks a file against the checksum that it carries; one of another program has none.</summary>
    /// <exception cref="ModelFormatException">It is not as it was written.</exception>
    internal static void VerifyChecksum(SafeFileHandle handle, SafeTensorsHeader header, long dataOffset, string path)
    {
        if (header.Checksum is not { } checksum) return;
        byte[] json = ModelFile.Read(handle, LengthBytes, (int)(dataOffset - LengthBytes), path);
        int at = json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum));
        FileChecksum.Verify(handle, checksum, at < 0 ? at : LengthBytes + at, [], path);
    }

    /// <summary>Reads the header alone.</summary>
    internal static SafeTensorsHeader ReadHeader(string path)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        return ReadHeader(handle, path).Header;
    }

    /// <summary>
    /// Writes tensors in the order given, with a checksum of the whole file among the metadata; the same input gives the same bytes. The
    /// file appears under its name only when it is complete.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="items">The tensors by name, of any device and layout.</param>
    /// <param name="metadata">Texts by name, or null.</param>
    /// <exception cref="ArgumentException">Two items have one name, or a type has no name in the format.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, torch.Tensor>> items, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        List<(string Name, torch.Tensor Tensor, string Type, int Size)> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        foreach ((string name, torch.Tensor tensor) in items)
        {
            if (!names.Add(name)) throw new ArgumentException($"The name '{name}' cannot be written twice.", nameof(items));
            (string type, int size) = SafeTensorsType.Of(tensor.dtype);
            entries.Add((name, tensor, type, size));
        }

        // The widest elements lie first, so that every tensor is aligned to its own size, which readers that map the file need.
        // The header keeps the order given.
        int[] layout = [.. Enumerable.Range(0, entries.Count).OrderByDescending(i => entries[i].Size)];
        long[] begins = new long[entries.Count];
        long end = 0;
        foreach (int i in layout)
        {
            begins[i] = end;
            end += entries[i].Tensor.numel() * entries[i].Size;
        }

        using MemoryStream header = new();
        using (Utf8JsonWriter writer = new(header, WriterOptions))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            for (int i = 0; i < entries.Count; i++)
            {
                (string name, torch.Tensor tensor, string type, int size) = entries[i];
                writer.WriteStartObject(name);
                writer.WriteString("dtype", type);
                WriteNumbers(writer, "shape", tensor.shape);
                WriteNumbers(writer, "data_offsets", [begins[i], begins[i] + tensor.numel() * size]);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (header.Length % LengthBytes != 0) header.WriteByte((byte)' ');

        AtomicFile.Write(path, stream =>
        {
            SealedStream whole = new(stream);
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            whole.Write(length);
            byte[] json = header.ToArray();
            int at = FileChecksum.ClearPlaceholder(json);
            whole.Write(json);
            foreach (int i in layout) TensorBytes.Use(entries[i].Tensor, whole.Write);
            whole.Fill(LengthBytes + at, whole.Finish());
        });
    }

    /// <summary>Reads the header alone, and gives where the data begins.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="tolerate">Told of what the format forbids but can be read over; null refuses it.</param>
    internal static (SafeTensorsHeader Header, long DataOffset) ReadHeader(
        SafeFileHandle handle, string path, SafeTensorsHeader.Tolerance? tolerate = null)
    {
        long fileLength = RandomAccess.GetLength(handle);
        if (fileLength < LengthBytes)
        {
            throw new ModelFormatException("the file is too short for a header.", path, remedy: "Fetch it again.");
        }
        long length = BinaryPrimitives.ReadInt64LittleEndian(ModelFile.Read(handle, 0, LengthBytes, path));
        if (length < 2 || length > fileLength - LengthBytes)
        {
            throw new ModelFormatException(
                $"the header of {(ulong)length} bytes does not fit into the file of {fileLength}.",
                path,
                "header",
                "The file is cut short, or it is not a safetensors file.");
        }
        if (length > LongestHeader)
        {
            throw new ModelFormatException($"the header of {length} bytes is longer than the limit of {LongestHeader}.", path, "header");
        }
        byte[] json = ModelFile.Read(handle, LengthBytes, (int)length, path);
        return (new(json, fileLength - LengthBytes - length, path, tolerate), LengthBytes + length);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        writer.WriteStartObject("__metadata__");
        writer.WriteString(FileChecksum.Key, FileChecksum.Placeholder);
        foreach ((string name, string value) in metadata ?? [])
        {
            if (!FileChecksum.IsOne(name, value)) writer.WriteString(name, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, long[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
