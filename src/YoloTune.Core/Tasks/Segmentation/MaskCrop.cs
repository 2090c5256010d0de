using TorchSharp;

namespace YoloTune.Tasks.Segmentation;

/// <summary>
/// The pixels of a mask that lie in its box. The reference rounds the boxes of few objects on a processor and none elsewhere; figures are
/// comparable only with the same rule.
/// </summary>
internal static class MaskCrop
{
    /// <summary>With so many objects an image, boxes are no longer rounded.</summary>
    public const int Many = 50;

    /// <summary>1 in the box and 0 outside: [n, height, width], float32.</summary>
    /// <param name="boxes">x1, y1, x2, y2 in pixels of the mask: [4, n].</param>
    /// <param name="height">Rows of the mask.</param>
    /// <param name="width">Columns of the mask.</param>
    public static torch.Tensor Weights(torch.Tensor boxes, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor used = boxes.device.type == DeviceType.CPU && boxes.size(1) < Many ? boxes.clamp_min(0).round() : boxes;
        torch.Tensor column = torch.arange(width, dtype: torch.float32, device: boxes.device).view(1, -1);
        torch.Tensor row = torch.arange(height, dtype: torch.float32, device: boxes.device).view(1, -1);
        torch.Tensor x = (column >= used[0].unsqueeze(1)).logical_and(column < used[2].unsqueeze(1)).to(torch.float32);
        torch.Tensor y = (row >= used[1].unsqueeze(1)).logical_and(row < used[3].unsqueeze(1)).to(torch.float32);
        return (y.unsqueeze(2) * x.unsqueeze(1)).MoveToOuterDisposeScope();
    }
}
