using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;

namespace YoloTune.Inference;

/// <summary>A detector made ready to look at batches of images, whoever computes it.</summary>
internal interface IInference : IDisposable
{
    /// <summary>Number of classes.</summary>
    int ClassCount { get; }

    /// <summary>The number format that it computes in, never <see cref="Precision.Auto"/>.</summary>
    Precision Precision { get; }

    /// <summary>Rows and columns that images must have; null where any multiple of the stride will do.</summary>
    (int Height, int Width)? FixedSize { get; }

    /// <summary>Turns images [N, 3, H, W], uint8, RGB, into what <see cref="Predict"/> takes.</summary>
    torch.Tensor Prepare(torch.Tensor images);

    /// <summary>Computes predictions that <see cref="Select"/> understands, and the raw output where there is one to compute a loss of.</summary>
    (torch.Tensor Predictions, NetworkOutput? Raw) Predict(torch.Tensor images);

    /// <summary>Picks the detections of each image.</summary>
    Detections[] Select(torch.Tensor predictions, NmsOptions options);

    /// <summary>Waits for what was sent to an accelerator, so that a clock read afterwards tells the truth.</summary>
    void Synchronize();
}
