using TorchSharp;

namespace YoloTune.Data.Features;

/// <summary>
/// The maps an image has in a feature cache: the layer each comes from and its shape. The bytes of all layers follow each other.
/// </summary>
internal sealed class FeatureLayout
{
    private readonly (int Layer, long[] Shape, int Offset, int Bytes)[] maps;

    /// <summary>Takes the layout of maps of a batch, [N, C, H, W] each.</summary>
    public FeatureLayout(IReadOnlyDictionary<int, torch.Tensor> batch)
    {
        List<(int, long[], int, int)> found = [];
        int offset = 0;
        foreach ((int layer, torch.Tensor map) in batch.OrderBy(entry => entry.Key))
        {
            int bytes = checked((int)(map.numel() / map.shape[0] * map.ElementSize));
            found.Add((layer, map.shape[1..], offset, bytes));
            offset = checked(offset + bytes);
        }
        maps = [.. found];
        BytesPerImage = offset;
        Type = batch.Values.First().dtype;
    }

    /// <summary>Bytes of an image's maps.</summary>
    public int BytesPerImage { get; }

    /// <summary>The maps' number format.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>The bytes of one image of a batch, channels last, layer by layer.</summary>
    public void Take(IReadOnlyDictionary<int, torch.Tensor> batch, int image, Span<byte> bytes)
    {
        foreach ((int layer, _, int offset, int count) in maps)
        {
            using torch.Tensor rows = batch[layer].permute(0, 2, 3, 1), dense = rows.contiguous();
            dense.bytes.Slice(image * count, count).CopyTo(bytes.Slice(offset, count));
        }
    }

    /// <summary>Maps of a batch, channels last, from the bytes of its images one after the other.</summary>
    public IReadOnlyDictionary<int, torch.Tensor> Give(ReadOnlySpan<byte> bytes, int images)
    {
        Dictionary<int, torch.Tensor> batch = [];
        foreach ((int layer, long[] shape, int offset, int count) in maps)
        {
            torch.Tensor dense = torch.empty([images, shape[1], shape[2], shape[0]], Type);
            Span<byte> target = dense.bytes;
            for (int image = 0; image < images; image++)
                bytes.Slice((image * BytesPerImage) + offset, count).CopyTo(target.Slice(image * count, count));
            using (dense) batch.Add(layer, dense.permute(0, 3, 1, 2));
        }
        return batch;
    }
}
