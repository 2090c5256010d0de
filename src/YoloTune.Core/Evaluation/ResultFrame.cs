using YoloTune.Data;

namespace YoloTune.Evaluation;

/// <summary>How an image lies in the batch that was predicted on.</summary>
/// <param name="Source">The image and its place in the frame.</param>
/// <param name="Height">Rows of the frame.</param>
/// <param name="Width">Columns of the frame.</param>
/// <param name="ClassNames">A name for every class.</param>
/// <param name="Confidence">Predictions must be surer than this.</param>
/// <param name="Keypoints">Keypoints of an object; 0 where there are none.</param>
internal sealed record ResultFrame(
    BatchImage Source, int Height, int Width, IReadOnlyList<string> ClassNames, double Confidence, int Keypoints)
{
    /// <summary>A column of the frame in the original image, inside of it.</summary>
    public double X(double column) => Math.Clamp((column - Source.PadX) / Source.Gain, 0, Source.OriginalWidth);

    /// <summary>A row of the frame in the original image, inside of it.</summary>
    public double Y(double row) => Math.Clamp((row - Source.PadY) / Source.Gain, 0, Source.OriginalHeight);

    /// <summary>Points x, y and whatever follows in the frame, in the original image.</summary>
    public float[] Points(ReadOnlySpan<float> values, int stride)
    {
        float[] moved = values.ToArray();
        for (int i = 0; i + 1 < moved.Length; i += stride) (moved[i], moved[i + 1]) = ((float)X(moved[i]), (float)Y(moved[i + 1]));
        return moved;
    }
}
