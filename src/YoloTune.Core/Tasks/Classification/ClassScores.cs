using YoloTune.Evaluation;

namespace YoloTune.Tasks.Classification;

/// <summary>The probabilities of all classes on one image.</summary>
internal sealed class ClassScores : ImageResult
{
    /// <summary>The most classes that are ranked.</summary>
    public const int Ranked = 5;

    private readonly float[] probabilities;

    /// <param name="probabilities">The probability of each class, 0-1.</param>
    public ClassScores(float[] probabilities)
    {
        this.probabilities = probabilities;
        Best = [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(id => probabilities[id]).Take(Ranked)];
    }

    /// <inheritdoc/>
    public override int Count => 1;

    /// <summary>The ids of the best classes, best first; at most <see cref="Ranked"/>.</summary>
    public IReadOnlyList<int> Best { get; }

    /// <summary>The probability of a class.</summary>
    public float Of(int classId) => probabilities[classId];
}
