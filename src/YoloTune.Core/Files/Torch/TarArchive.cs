using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// The format of torch 0.1, a tar archive of three files: storages (each a pickle of key, location and type, then the count and the
/// elements), tensors (each a pickle of key, storage and type, then rank, sizes, strides and offset), and the pickle of the object, which
/// names tensors and storages by their keys.
/// </summary>
internal sealed class TarArchive(SafeFileHandle handle, string path, PickleLimits limits, PickleReport? report)
{
    private const int Block = 512, NameLength = 100, SizeAt = 124, SizeLength = 12, MaxRank = 32;
    private readonly Dictionary<string, object> known = new(StringComparer.Ordinal);

    /// <summary>Bytes that stand behind what the three files hold: the file, the place in the archive and the number.</summary>
    public List<(string Name, long At, long Count)> Left { get; } = [];

    /// <summary>Where the elements of the storages lie, by key.</summary>
    public Dictionary<string, StorageRange> Storages { get; } = new(StringComparer.Ordinal);

    public static bool IsOne(ReadOnlySpan<byte> start) => start.Length > 262 && start[257..].StartsWith("ustar"u8);

    /// <summary>Reads the object.</summary>
    public object? Read()
    {
        Dictionary<string, StorageRange> files = Files();
        StorageRange File(string name) => files.TryGetValue(name, out StorageRange file) ? file : throw new ModelFormatException(
            $"the tar archive holds no '{name}'.", path,
            remedy: "It is not a file of torch.save; give a .pt checkpoint or a .safetensors file.");
        ReadStorages(File("storages"));
        ReadTensors(File("tensors"));
        StorageRange pickle = File("pickle");
        long at = pickle.Offset;
        object? root = Pickle(ref at, pickle, "pickle");
        Account(at, pickle, "pickle");
        return root;
    }

    private void Account(long at, StorageRange file, string name)
    {
        if (at < file.Offset + file.Length) Left.Add((name, at, file.Offset + file.Length - at));
    }

    private Dictionary<string, StorageRange> Files()
    {
        Dictionary<string, StorageRange> files = new(StringComparer.Ordinal);
        long length = RandomAccess.GetLength(handle);
        for (long at = 0; at <= length - Block;)
        {
            byte[] header = ModelFile.Read(handle, at, Block, path);
            if (header[0] == 0) break;
            string name = Text(header.AsSpan(0, NameLength));
            if (files.Count == limits.MaxRecords) throw Failure($"more files than the limit of {limits.MaxRecords}", "tar", at);
            long size;
            try
            {
                size = Convert.ToInt64(Text(header.AsSpan(SizeAt, SizeLength)).Trim(), 8);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
            {
                throw Failure("a file has no size", "tar", at);
            }
            if (size < 0 || size > length - at - Block) throw Failure($"'{name}' reaches beyond the end of the file", "tar", at);
            files[name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name] = new(at + Block, size);
            at += Block + ((size + Block - 1) / Block * Block);
        }
        return files;
    }

    private void ReadStorages(StorageRange file)
    {
        long at = file.Offset, end = file.Offset + file.Length;
        for (long left = Count(ref at, file, "storages"); left > 0; left--)
        {
            if (Pickle(ref at, file, "storages") is not PickleTuple tuple || tuple is not [var id, string location, PickleGlobal type]
                || !TorchStorageType.TryGet(type, out _, out int size))
            {
                throw Failure("a storage is not described by key, place and type", "storages", at);
            }
            long count = Integer(ref at, end, "storages");
            if (count < 0 || count > (end - at) / size) throw Failure("a storage reaches beyond the end of the file", "storages", at);
            string key = Key(id);
            if (!Storages.TryAdd(key, new(at, count * size))) throw Failure($"the storage '{key}' is listed twice", "storages", at);
            known[key] = new PickleStorage(type, key, location, count);
            at += count * size;
        }
        foreach (object? item in Pickle(ref at, file, "storages") as PickleList ?? [])
        {
            bool isView = item is PickleTuple and [_, var root, long, long] && known.GetValueOrDefault(Key(root)) is PickleStorage;
            if (item is not PickleTuple parts || !isView) throw Failure("a view of a storage is not described", "storages", at);
            PickleStorage whole = (PickleStorage)known[Key(parts[1])];
            (long first, long count) = ((long)parts[2]!, (long)parts[3]!);
            if (first < 0 || count < 0 || first > whole.Count || count > whole.Count - first)
                throw Failure("a view does not lie in its storage", "storages", at);
            known[Key(parts[0])] = whole with { Start = first, Part = count };
        }
        Account(at, file, "storages");
    }

    private void ReadTensors(StorageRange file)
    {
        long at = file.Offset, end = file.Offset + file.Length;
        for (long left = Count(ref at, file, "tensors"); left > 0; left--)
        {
            if (Pickle(ref at, file, "tensors") is not PickleTuple tuple || tuple is not [var id, var storage, PickleGlobal type])
            {
                throw Failure("a tensor is not described by key, storage and type", "tensors", at);
            }
            // The rank is a number of 32 bits in a place of 64.
            int rank = (int)Integer(ref at, end, "tensors");
            if (rank is < 0 or > MaxRank) throw Failure($"a tensor has {rank} dimensions", "tensors", at);
            long[] shape = new long[rank], strides = new long[rank];
            for (int i = 0; i < rank; i++) shape[i] = Integer(ref at, end, "tensors");
            for (int i = 0; i < rank; i++) strides[i] = Integer(ref at, end, "tensors");
            long offset = Integer(ref at, end, "tensors");
            PickleStorage elements = storage is null
                ? new(new(type.Module, type.Name.Replace("Tensor", "Storage", StringComparison.Ordinal)), "", "cpu", 0)
                : known.GetValueOrDefault(Key(storage)) as PickleStorage ?? throw Failure("a tensor's storage is missing", "tensors", at);
            PickleTensor tensor = new(elements, offset, shape, strides);
            known[Key(id)] = tensor;
            report?.Add(tensor);
        }
        Account(at, file, "tensors");
    }

    private long Count(ref long at, StorageRange file, string name) =>
        Pickle(ref at, file, name) is long count and >= 0 && count <= limits.MaxModules
            ? count
            : throw Failure("there is no number of entries", name, at);

    private object? Pickle(ref long at, StorageRange file, string name)
    {
        long start = at;
        PickleInput input =
            new((target, offset) => ModelFile.ReadExactly(handle, target, start + offset, path), file.Offset + file.Length - start, path,
                name);
        object? value = new PickleReader(input, limits, report) { Known = known }.Read();
        at = start + input.Position;
        return value;
    }

    private long Integer(ref long at, long end, string name)
    {
        if (at > end - sizeof(long)) throw Failure("it ends too early", name, at, "The file is cut short; fetch it again.");
        long value = BinaryPrimitives.ReadInt64LittleEndian(ModelFile.Read(handle, at, sizeof(long), path));
        at += sizeof(long);
        return value;
    }

    private static string Key(object? id) => Convert.ToString(id, CultureInfo.InvariantCulture) ?? "";

    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.ASCII.GetString(field[..(field.IndexOf((byte)0) is >= 0 and var end ? end : field.Length)]);

    private ModelFormatException Failure(string message, string name, long at, string? remedy = null) =>
        new(message + ".", path, FormattableString.Invariant($"{name}, byte {at}"), remedy);
}
