using YoloTune.Inference;
using YoloTune.Networks.Heads;

namespace YoloTune.Prediction;

/// <summary>What a task's predictor is made for.</summary>
/// <param name="Inference">The model, made ready.</param>
/// <param name="ClassNames">A name for every class.</param>
/// <param name="Options">How to look.</param>
/// <param name="Stride">The network's largest stride, in pixels.</param>
/// <param name="Size">The longer side that images are fitted into, a multiple of the stride.</param>
internal sealed record PredictionSetup(IInference Inference, IReadOnlyList<string> ClassNames, PredictionOptions Options,
    int Stride, int Size)
{
    /// <summary>What the model predicts for an object, where that can differ.</summary>
    public HeadShape? Shape { get; init; }

    /// <summary>The names of the keypoints by class id, as far as they are known.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> KeypointNames { get; init; } = new Dictionary<int, IReadOnlyList<string>>();

    /// <summary>Rows and columns of the frame: the file's where they are fixed.</summary>
    public (int Height, int Width) Frame => Inference.FixedSize ?? (Size, Size);

    /// <summary>The longer side of the frame.</summary>
    public int ImageSize => Math.Max(Frame.Height, Frame.Width);
}
