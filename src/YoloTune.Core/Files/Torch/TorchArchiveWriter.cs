using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Torch;

/// <summary>
/// Writes files that torch.load reads. Each tensor added becomes a storage record of its own; the <see cref="PickleTensor"/> returned
/// stands for it in the object that is saved, as often as wanted. The same input gives the same bytes.
/// </summary>
internal sealed class TorchArchiveWriter
{
    /// <summary>The folder of the records. torch names it after the file; a constant keeps the bytes independent of the name.</summary>
    private const string Folder = "archive/";

    private readonly List<torch.Tensor> storages = [];
    private byte[]? metadata;

    /// <summary>Adds a tensor of any device and layout, which must live until <see cref="Write"/> has returned.</summary>
    /// <param name="tensor">The tensor; it is saved contiguous.</param>
    /// <param name="isParameter">True to save it as a torch.nn.Parameter.</param>
    /// <param name="requiresGrad">Whether a parameter is to be trained.</param>
    /// <exception cref="ArgumentException">torch has no storage class for its type.</exception>
    public PickleTensor Add(torch.Tensor tensor, bool isParameter = false, bool requiresGrad = false)
    {
        string key = storages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        PickleStorage storage = new(TorchStorageType.Of(tensor.dtype), key, "cpu", tensor.numel());
        storages.Add(tensor);
        long[] strides = new long[tensor.shape.Length];
        long stride = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(tensor.shape[i], 1);
        }
        return new(storage, 0, tensor.shape, strides, requiresGrad, isParameter);
    }

    /// <summary>
    /// Adds texts by name in a record beside the object, which torch.load leaves aside; a checksum of the whole file goes with them.
    /// </summary>
    public void AddMetadata(IEnumerable<KeyValuePair<string, string>> texts) => metadata = Encoding.UTF8.GetBytes(CheckpointMetadata.ToJson(
        texts.Where(entry => !FileChecksum.IsOne(entry.Key, entry.Value))
            .Select(entry => KeyValuePair.Create(entry.Key, (object?)entry.Value))
            .Prepend(new(FileChecksum.Key, FileChecksum.Placeholder))));

    /// <summary>Writes the object with its tensors. The file appears under its name only when it is complete.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="root">The object, of the values <see cref="PickleWriter"/> takes.</param>
    public void Write(string path, object? root)
    {
        byte[] pickle = PickleWriter.ToBytes(root);
        AtomicFile.Write(path, stream =>
        {
            SealedStream whole = new(stream);
            StoredZipWriter zip = new(whole);
            zip.Add(Folder + "data.pkl", pickle);
            zip.Add(Folder + "byteorder", "little"u8);
            for (int i = 0; i < storages.Count; i++)
            {
                string name = FormattableString.Invariant($"{Folder}data/{i}");
                if (storages[i].numel() == 0) zip.Add(name, []);
                else TensorBytes.Use(storages[i], bytes => zip.Add(name, bytes));
            }
            zip.Add(Folder + "version", "3\n"u8);
            if (metadata is not null) AddSealed(zip, metadata, whole);
            else zip.Finish();
        });
    }

    /// <summary>Writes the metadata and ends the archive: the checksum is that of all its bytes, so it is filled in last.</summary>
    private static void AddSealed(StoredZipWriter zip, byte[] metadata, SealedStream whole)
    {
        byte[] content = [.. metadata];
        int at = FileChecksum.ClearPlaceholder(content);
        zip.AddUnfinished(Folder + CheckpointMetadata.RecordName, content);
        zip.Finish();
        byte[] checksum = whole.Finish();
        checksum.CopyTo(content, at);
        byte[] crc = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32.HashToUInt32(content));
        whole.Fill(zip.LastEntry.Content + at, checksum);
        whole.Fill(zip.LastEntry.LocalCrc, crc);
        whole.Fill(zip.LastEntry.DirectoryCrc, crc);
    }
}
