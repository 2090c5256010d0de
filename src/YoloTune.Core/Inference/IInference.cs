using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Inference;

/// <summary>A model made ready to look at batches of images, whatever computes it.</summary>
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

    /// <summary>How the predictions are laid out.</summary>
    PredictionLayout Layout { get; }

    /// <summary>Computes predictions.</summary>
    InferenceOutput Predict(torch.Tensor images);

    /// <summary>Waits for what was sent to an accelerator, so that a clock read afterwards tells the truth.</summary>
    void Synchronize();
}
