using YoloTune.Images;

namespace YoloTune.Prediction;

/// <summary>An image in the frame that the network looks at.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Image">The pixels that the network gets.</param>
/// <param name="Info">The size and format of the original.</param>
internal sealed record FramedImage(string Path, ImageBuffer Image, ImageInfo Info);
