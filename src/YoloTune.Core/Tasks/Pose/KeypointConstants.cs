namespace YoloTune.Tasks.Pose;

/// <summary>
/// How far a keypoint may be off, and how much it counts. COCO measured its seventeen points of a person; of others nothing is known, and
/// all count alike.
/// </summary>
internal static class KeypointConstants
{
    // Tenths, as the models were tuned with: a tenth of .72 is not the float nearest to .072.
    private static readonly float[] CocoSigmas =
        [.26f, .25f, .25f, .35f, .35f, .79f, .79f, .72f, .72f, .62f, .62f, 1.07f, 1.07f, .87f, .87f, .89f, .89f];

    private static readonly float[] CocoWeights = [1, 1, 1, 1, 1, 1, 1, 1.2f, 1.2f, 1.5f, 1.5f, 1, 1, 1.2f, 1.2f, 1.5f, 1.5f];

    /// <summary>The standard deviation of each point, relative to the size of the object.</summary>
    /// <param name="keypoints">Points of an object.</param>
    /// <param name="dimensions">Values of a point.</param>
    public static float[] Sigmas(int keypoints, int dimensions) => IsCoco(keypoints, dimensions)
        ? [.. CocoSigmas.Select(sigma => sigma / 10)]
        : [.. Enumerable.Repeat(1f / keypoints, keypoints)];

    /// <summary>The weight of each point in the likelihood.</summary>
    /// <inheritdoc cref="Sigmas"/>
    public static float[] Weights(int keypoints, int dimensions) =>
        IsCoco(keypoints, dimensions) ? CocoWeights : [.. Enumerable.Repeat(1f, keypoints)];

    private static bool IsCoco(int keypoints, int dimensions) => keypoints == CocoSigmas.Length && dimensions == 3;
}
