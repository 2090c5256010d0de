using TorchSharp;

namespace YoloTune.Devices;

/// <summary>Brings tensors to the device that computes.</summary>
internal static class DeviceTransfer
{
    /// <summary>
    /// The tensor on a device; the same tensor where it is there already. A copy to a graphics card is made from page-locked memory and is
    /// not waited for: the card begins with it while the processor goes on, and what is computed with it comes after it on the card. The
    /// page-locked memory is used again when the copy is done, so that the original may be freed at once.
    /// </summary>
    public static torch.Tensor ToDevice(this torch.Tensor tensor, torch.Device device)
    {
        if (device.type != DeviceType.CUDA || tensor.device_type != DeviceType.CPU) return tensor.to(device);
        using torch.Tensor locked = tensor.pin_memory();
        return locked.to(device, non_blocking: true);
    }
}
