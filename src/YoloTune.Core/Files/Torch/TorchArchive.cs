using Microsoft.Win32.SafeHandles;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Torch;

/// <summary>
/// A file of torch.save: the zip archive of torch 1.6 and later, or the row of pickles written before. The pickle is read as data when the
/// archive is opened; a tensor's elements are read from the file when it is asked for.
/// </summary>
internal sealed partial class TorchArchive : IDisposable
{
    /// <summary>Ranks beyond this are refused; libtorch itself stops at 64.</summary>
    private const int MaxRank = 32;

    private readonly SafeFileHandle handle;
    private readonly long length;
    private readonly PickleLimits limits;
    private readonly Dictionary<string, StorageRange> storages = new(StringComparer.Ordinal);
    private readonly HashSet<ZipRecord> verified = new(ReferenceEqualityComparer.Instance);
    private readonly ZipDirectory? zip;
    private long tensorBytes;

    private TorchArchive(string path, SafeFileHandle handle, PickleLimits limits, PickleReport? report)
    {
        Path = path;
        this.handle = handle;
        this.limits = limits;
        length = RandomAccess.GetLength(handle);
        byte[] start = ModelFile.Read(handle, 0, (int)Math.Min(length, 512), path);
        if (IsZip(start))
        {
            zip = new(handle, path, limits.MaxRecords);
            (Root, Folder) = ReadZip(report);
        }
        else if (IsLegacy(start)) Root = ReadLegacy(report);
        else if (TarArchive.IsOne(start))
        {
            TarArchive tar = new(handle, path, limits, report);
            Root = tar.Read();
            storages = tar.Storages;
        }
        else throw NotAnArchive(start, path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was saved: usually a <see cref="PickleDictionary"/>, sometimes a <see cref="PickleObject"/>.</summary>
    public object? Root { get; }

    /// <summary>The top folder of the records with its slash, "archive/"; empty for a file in the old format.</summary>
    public string Folder { get; } = "";

    /// <summary>The names of the records in the file's order; empty for a file in the old format.</summary>
    public IReadOnlyCollection<string> Records => zip is null ? [] : [.. zip.Records.Keys];

    /// <summary>Opens a file and reads its pickle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What reading may cost; null for <see cref="PickleLimits.Default"/>.</param>
    /// <param name="report">Given one, the pickle is inspected: what would run code is written down instead of refused.</param>
    /// <exception cref="ModelFormatException">The file is not a torch archive, is damaged, exceeds a limit, or would run code.</exception>
    public static TorchArchive Open(string path, PickleLimits? limits = null, PickleReport? report = null)
    {
        SafeFileHandle handle = ModelFile.Open(path);
        try
        {
            return new(path, handle, limits ?? PickleLimits.Default, report);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a record of the top folder, such as "yolotune.json", or null where there is none.</summary>
    public byte[]? ReadRecord(string name) =>
        zip is not null && zip.Records.TryGetValue(Folder + name, out ZipRecord? record) ? zip.Read(record, limits.MaxStringBytes) : null;

    /// <summary>Checks the whole file against the checksum that it carries in yolotune.json; one of another program has none.</summary>
    /// <exception cref="ModelFormatException">It is not as it was written.</exception>
    internal void VerifyChecksum()
    {
        if (zip is not null) ArchiveChecksum.Verify(handle, zip, Folder + CheckpointMetadata.RecordName, Path);
    }

    /// <summary>Reads a tensor from the file: contiguous, on the CPU, in its stored type, and not shared with any other.</summary>
    /// <param name="tensor">The tensor as the pickle describes it.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="ModelFormatException">Its type is unknown, or its elements are not all in its storage.</exception>
    public torch.Tensor ReadTensor(PickleTensor tensor, string name)
    {
        PickleStorage storage = tensor.Storage;
        if (!TorchStorageType.TryGet(storage.Type, out torch.ScalarType type, out int size))
        {
            throw Failure($"its storage type {storage.Type} is not known.", name);
        }
        (long count, long extent) = Measure(tensor, name);
        if (storage.Count < 0 || extent > storage.Part)
        {
            throw Failure($"it needs {extent} elements of its storage, which has {storage.Part}.", name);
        }
        if (!storages.TryGetValue(storage.Key, out StorageRange range)) throw Failure($"the file has no storage '{storage.Key}'.", name);
        if (storage.Count > range.Length / size)
        {
            throw Failure($"its storage '{storage.Key}' of {storage.Count} elements has only {range.Length} bytes.", name);
        }
        Spend(Math.Max(count, extent - tensor.Offset), size, name);

        if (count == 0) return torch.empty([.. tensor.Shape], type);
        long first = range.Offset + ((storage.Start + tensor.Offset) * size);
        if (IsContiguous(tensor))
        {
            // One that fills its record is checked in memory; other records are read once more for that.
            bool isWhole = count * size == range.Length;
            if (!isWhole) Verify(range);
            return ReadElements([.. tensor.Shape], type, first, isWhole ? range.Record : null);
        }
        Verify(range);
        using torch.Tensor elements = ReadElements([extent - tensor.Offset], type, first);
        using torch.Tensor view = elements.as_strided([.. tensor.Shape], [.. tensor.Strides]);
        return view.clone().contiguous();
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>The number of elements, and how many the storage must have.</summary>
    private (long Count, long Extent) Measure(PickleTensor tensor, string name)
    {
        if (tensor.Shape.Count != tensor.Strides.Count || tensor.Shape.Count > MaxRank)
        {
            throw Failure($"it has {tensor.Shape.Count} sizes and {tensor.Strides.Count} strides.", name);
        }
        try
        {
            long count = 1;
            long last = tensor.Offset;
            for (int i = 0; i < tensor.Shape.Count; i++)
            {
                if (tensor.Shape[i] < 0 || tensor.Strides[i] < 0) throw Failure("it has a negative size or stride.", name);
                count = checked(count * tensor.Shape[i]);
                last = checked(last + Math.Max(tensor.Shape[i] - 1, 0) * tensor.Strides[i]);
            }
            if (tensor.Offset < 0) throw Failure("it begins before its storage.", name);
            return (count, count == 0 ? 0 : checked(last + 1));
        }
        catch (OverflowException exception)
        {
            throw new ModelFormatException("its sizes overflow.", Path, $"tensor {name}", inner: exception);
        }
    }

    private void Spend(long elements, int size, string name)
    {
        long limit = Math.Max(limits.MinTensorBytes, length * limits.MaxTensorBytesPerFileByte);
        if (elements > (limit - tensorBytes) / size)
        {
            throw Failure($"with it the tensors take more memory than the limit of {limit} bytes for a file of this length.", name);
        }
        tensorBytes += elements * size;
    }

    /// <summary>Checks a record that several tensors share, or fill in part, once.</summary>
    private void Verify(StorageRange range)
    {
        if (range.Record is { } record && verified.Add(record)) zip!.Verify(record);
    }

    private torch.Tensor ReadElements(long[] shape, torch.ScalarType type, long offset, ZipRecord? whole = null)
    {
        torch.Tensor tensor = torch.empty(shape, type);
        try
        {
            // Asked for once: TorchSharp looks the tensor over each time, which takes longer than the checksum.
            Span<byte> bytes = tensor.bytes;
            ModelFile.ReadExactly(handle, bytes, offset, Path);
            if (whole is not null) zip!.Verify(whole, bytes);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static bool IsContiguous(PickleTensor tensor)
    {
        long expected = 1;
        for (int i = tensor.Shape.Count - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != expected) return false;
            expected *= tensor.Shape[i];
        }
        return true;
    }

    private ModelFormatException Failure(string message, string tensor) => new(message, Path, $"tensor {tensor}");
}
