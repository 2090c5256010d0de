using TorchSharp;

namespace YoloTune.Files.Torch;

/// <summary>The raw little-endian bytes of tensors.</summary>
internal static class TensorBytes
{
    public delegate void Consumer(ReadOnlySpan<byte> bytes);

    /// <summary>Hands over the elements in row-major order; a tensor of another device or layout is copied for that.</summary>
    public static void Use(torch.Tensor tensor, Consumer consumer)
    {
        if (tensor.numel() == 0) return;
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            consumer(tensor.bytes);
            return;
        }
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        consumer(tensor.detach().cpu().contiguous().bytes);
    }
}
