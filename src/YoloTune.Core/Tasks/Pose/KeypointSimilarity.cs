namespace YoloTune.Tasks.Pose;

/// <summary>
/// Object keypoint similarity (COCO): how near predicted points come to labelled ones, relative to the size of the object. Takes the place
/// that IoU has between boxes.
/// </summary>
internal static class KeypointSimilarity
{
    /// <summary>The object's area as a fraction of its box's.</summary>
    public const float AreaOfBox = 0.53f;

    private const float Epsilon = 1e-7f;

    /// <summary>The similarity of a label and a prediction, 0-1; 0 where no point of the label is visible.</summary>
    /// <param name="label">x, y, visibility of each point: [3K]; the visibility is 0 for a point that is not labelled.</param>
    /// <param name="prediction">The values of each predicted point, of which the first two are x and y: [K * dimensions].</param>
    /// <param name="dimensions">Values of a predicted point.</param>
    /// <param name="area">The object's area, in the square of the points' unit.</param>
    /// <param name="sigmas">The standard deviation of each point: [K].</param>
    public static float Compute(
        ReadOnlySpan<float> label, ReadOnlySpan<float> prediction, int dimensions, float area, ReadOnlySpan<float> sigmas)
    {
        float sum = 0, visible = 0;
        for (int k = 0; k < sigmas.Length; k++)
        {
            if (label[(3 * k) + 2] == 0) continue;
            float dx = label[3 * k] - prediction[k * dimensions], dy = label[(3 * k) + 1] - prediction[(k * dimensions) + 1];
            float spread = 2 * sigmas[k];
            sum += MathF.Exp(-((dx * dx) + (dy * dy)) / (spread * spread * (area + Epsilon) * 2));
            visible++;
        }
        return sum / (visible + Epsilon);
    }
}
