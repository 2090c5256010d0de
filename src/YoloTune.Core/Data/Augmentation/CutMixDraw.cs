using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>What was drawn for one CutMix.</summary>
/// <param name="Candidates">Each candidate rectangle: the fraction of the image it leaves (0-1), and its centre in pixels.</param>
/// <param name="Pick">A number of [0, 1) that chooses among the candidates left.</param>
internal sealed record CutMixDraw(IReadOnlyList<(double Share, int X, int Y)> Candidates, double Pick)
{
    /// <summary>Rectangles that are tried.</summary>
    public const int CandidateCount = 3;

    /// <summary>Draws the rectangles for an image of a size.</summary>
    public static CutMixDraw Draw(RandomStream stream, int height, int width)
    {
        (double, int, int)[] candidates = new (double, int, int)[CandidateCount];
        for (int i = 0; i < candidates.Length; i++) candidates[i] = (stream.NextDouble(), stream.Next(width), stream.Next(height));
        return new CutMixDraw(candidates, stream.NextDouble());
    }
}
