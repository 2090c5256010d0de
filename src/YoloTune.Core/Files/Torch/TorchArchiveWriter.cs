using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// Writes files that torch.load reads. Each tensor added becomes a storage record of its own; the <see cref="PickleTensor"/> returned
/// stands for it in the object that is saved, as often as wanted. The same input gives the same bytes.
/// </summary>
public sealed class TorchArchiveWriter
{
    /// <summary>The folder of the records. torch names it after the file; a constant keeps the bytes independent of the name.</summary>
    private const string Folder = "archive/";

    private readonly List<torch.Tensor> storages = [];
    private readonly List<(string Name, byte[] Content)> records = [];

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

    /// <summary>Adds a record beside the object, which torch.load leaves aside.</summary>
    public void AddRecord(string name, byte[] content) => records.Add((name, content));

    /// <summary>Writes the object with its tensors. The file appears under its name only when it is complete.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="root">The object, of the values <see cref="PickleWriter"/> takes.</param>
    public void Write(string path, object? root)
    {
        byte[] pickle = PickleWriter.ToBytes(root);
        AtomicFile.Write(path, stream =>
        {
            StoredZipWriter zip = new(stream);
            zip.Add(Folder + "data.pkl", pickle);
            zip.Add(Folder + "byteorder", "little"u8);
            for (int i = 0; i < storages.Count; i++)
            {
                string name = FormattableString.Invariant($"{Folder}data/{i}");
                if (storages[i].numel() == 0) zip.Add(name, []);
                else TensorBytes.Use(storages[i], bytes => zip.Add(name, bytes));
            }
            zip.Add(Folder + "version", "3\n"u8);
            foreach ((string name, byte[] content) in records) zip.Add(Folder + name, content);
            zip.Finish();
        });
    }
}
