using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

internal sealed partial class TorchArchive
{
    private const string ObjectRecord = "data.pkl";
    private const long LegacyProtocol = 1001;
    private const int LongestByteOrder = 64;

    private static readonly BigInteger LegacyMagic = BigInteger.Parse(
        "119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, (string Message, string Remedy)> OtherFormats = new(StringComparer.Ordinal)
    {
        [".onnx"] = ("this is an .onnx file, which has no weights to train.",
            "Invoke-YoloPrediction and Measure-YoloModel take it as their model; to train, give the .pt it was exported from."),
        [".engine"] = ("this is a TensorRT engine, not a checkpoint.", "Give the .pt or .onnx it was made from."),
        [".tflite"] = ("this is a TensorFlow Lite model, not a checkpoint.", "Give the .pt or .onnx it was made from."),
        [".yaml"] = ("this is a YAML file, not a checkpoint.", "New-YoloModel makes a model of an architecture in YAML."),
        [".yml"] = ("this is a YAML file, not a checkpoint.", "New-YoloModel makes a model of an architecture in YAML."),
    };

    internal static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8);

    /// <summary>
    /// The old format begins with PROTO (2 unless the user chose another), from protocol 4 on a FRAME with its length, and the magic number
    /// as a LONG1 of ten bytes.
    /// </summary>
    internal static bool IsLegacy(ReadOnlySpan<byte> start)
    {
        if (start is not [(byte)PickleOpcode.PROTO, >= 2 and <= 5, ..]) return false;
        start = start[2..];
        if (start is [(byte)PickleOpcode.FRAME, _, _, _, _, _, _, _, _, ..]) start = start[9..];
        return start.StartsWith((ReadOnlySpan<byte>)[0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);
    }

    private (object? Root, string Folder) ReadZip(PickleReport? report)
    {
        ZipRecord? pickle = null;
        foreach (ZipRecord record in zip!.Records.Values)
        {
            bool isPickle = record.Name == ObjectRecord
                || (record.Name.EndsWith("/" + ObjectRecord, StringComparison.Ordinal) && record.Name.AsSpan().Count('/') == 1);
            if (!isPickle) continue;
            if (pickle is not null) throw new ModelFormatException($"the archive has two pickles, {pickle.Name} and {record.Name}.", Path);
            pickle = record;
        }
        if (pickle is null)
        {
            throw new ModelFormatException(
                "the zip archive holds no data.pkl.",
                Path,
                remedy: "It is not a file of torch.save; give a .pt checkpoint or a .safetensors file.");
        }
        string folder = pickle.Name[..^ObjectRecord.Length];
        if (zip.Records.ContainsKey(folder + "constants.pkl"))
        {
            throw new ModelFormatException(
                "this is a TorchScript program, not a checkpoint.", Path, remedy: "Give the .pt file from which it was exported.");
        }
        if (zip.Records.TryGetValue(folder + "byteorder", out ZipRecord? order)
            && Encoding.ASCII.GetString(zip.Read(order, LongestByteOrder)).Trim() is var name && name != "little")
        {
            throw new ModelFormatException($"its byte order is '{name}'; only 'little' is read.", Path, $"record {order.Name}");
        }
        long start = zip.OffsetOf(pickle);
        PickleInput input = new(
            (target, offset) => ModelFile.ReadExactly(handle, target, start + offset, Path), pickle.Length, Path, ObjectRecord);
        if (pickle.Length > limits.MaxTotalBytes) throw PickleReader.TooLong(input, limits);
        if (report is null) zip.Verify(pickle);

        // The pickle comes first: what it would run is worth knowing even where a record beside it is damaged.
        object? root = new PickleReader(input, limits, report).Read();
        string prefix = folder + "data/";
        foreach (ZipRecord record in zip.Records.Values)
        {
            // Records that are of no use here are looked up too: a name that was damaged must not make one of them out of one that is.
            bool isStorage = record.Name.StartsWith(prefix, StringComparison.Ordinal) && record.Name.Length > prefix.Length;
            if (record.Refusal is not null && !isStorage) continue;
            long offset = zip.OffsetOf(record);
            if (isStorage)
            {
                storages.Add(record.Name[prefix.Length..], new(offset, record.Length, record));
            }
        }
        return (root, folder);
    }

    /// <summary>Before torch 1.6: pickles of magic, protocol, system, object and storage keys, then each storage with its count.</summary>
    private object? ReadLegacy(PickleReport? report)
    {
        PickleInput input = new((target, offset) => ModelFile.ReadExactly(handle, target, offset, Path), length, Path, "pickle");
        object? Next() => new PickleReader(input, limits, report).Read();

        if (Next() is not BigInteger magic || magic != LegacyMagic || Next() is not LegacyProtocol)
        {
            throw input.Failure("the file does not begin as torch's old format does.", 0);
        }
        if (Next() is not PickleDictionary system) throw input.Failure("the description of the system is missing.", input.Position);
        if (system.TryGet("little_endian", out object? little) && little is not true)
        {
            throw input.Failure("its byte order is 'big'; only 'little' is read.", input.Position);
        }
        PickleReader model = new(input, limits, report);
        object? root = model.Read();
        if (Next() is not PickleList keys) throw input.Failure("the list of storages is missing.", input.Position);

        long at = input.Position;
        foreach (object? item in keys)
        {
            if (item is not string key || !model.Storages.TryGetValue(key, out PickleStorage? storage))
            {
                throw input.Failure("a storage is listed that no tensor uses.", at);
            }
            if (!TorchStorageType.TryGet(storage.Type, out _, out int size))
            {
                throw input.Failure($"the storage type {storage.Type} is not known.", at);
            }
            if (at > length - 8) throw input.Failure($"the storage '{key}' is missing.", at, "The file is cut short; fetch it again.");
            long count = BinaryPrimitives.ReadInt64LittleEndian(ModelFile.Read(handle, at, 8, Path));
            at += 8;
            if (count < 0 || count > (length - at) / size)
            {
                throw input.Failure(
                    $"the storage '{key}' of {count} elements reaches beyond the end of the file.",
                    at,
                    "The file is cut short; fetch it again.");
            }
            if (!storages.TryAdd(key, new(at, count * size))) throw input.Failure($"the storage '{key}' is listed twice.", at);
            at += count * size;
        }
        return root;
    }

    internal static ModelFormatException NotAnArchive(ReadOnlySpan<byte> start, string path)
    {
        (string message, string remedy) = start switch
        {
            _ when OtherFormats.TryGetValue(System.IO.Path.GetExtension(path).ToLowerInvariant(), out var other) => other,
            _ when start.StartsWith("<"u8) => ("this is a web page, not a checkpoint.", "The download failed; fetch the file itself."),
            _ when start.StartsWith("version https://git-lfs"u8) => ("this is a Git LFS pointer, not the checkpoint.", "Run git lfs pull."),
            [0x80, ..] => ("this is a bare pickle, not a file of torch.save.", "Save the model with torch.save."),
            _ => ("this is neither a file of torch.save nor a safetensors file.", "Give a .pt checkpoint or a .safetensors file."),
        };
        return new(message, path, remedy: remedy);
    }
}
