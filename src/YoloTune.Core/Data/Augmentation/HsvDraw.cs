using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>What was drawn for the colour jitter of one item: three numbers of [-1, 1].</summary>
internal sealed record HsvDraw(double Hue, double Saturation, double Value)
{
    /// <summary>Draws all three.</summary>
    public static HsvDraw Draw(RandomStream stream) => new(stream.Uniform(-1, 1), stream.Uniform(-1, 1), stream.Uniform(-1, 1));
}
