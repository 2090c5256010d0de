namespace YoloTune.Data.Labels;

/// <summary>The keypoints of every object of a dataset, as its description gives them.</summary>
/// <param name="Count">Keypoints of an object.</param>
/// <param name="Dimensions">Numbers of a keypoint in the label files: 2 for x and y, 3 with the visibility.</param>
public sealed record KeypointShape(int Count, int Dimensions)
{
    /// <summary>Numbers that a keypoint has in memory: x, y and visibility.</summary>
    public const int Values = 3;

    /// <summary>
    /// The keypoint that takes each one's place in a mirrored image (<c>flip_idx</c>), a permutation; null where the dataset does not say.
    /// </summary>
    public IReadOnlyList<int>? FlipIndex { get; init; }

    /// <summary>The names of the keypoints by class id (<c>kpt_names</c>); classes that are not named are missing.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> Names { get; init; } = new Dictionary<int, IReadOnlyList<string>>();

    /// <summary>Fields of a row: class, box and keypoints.</summary>
    internal int Fields => 5 + Count * Dimensions;

    /// <summary>"[17, 3]".</summary>
    public override string ToString() => FormattableString.Invariant($"[{Count}, {Dimensions}]");
}
