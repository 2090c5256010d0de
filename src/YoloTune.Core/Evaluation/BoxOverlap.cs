namespace YoloTune.Evaluation;

/// <summary>Overlap of axis-parallel boxes, for evaluation; the loss has its own, differentiable one.</summary>
internal static class BoxOverlap
{
    /// <summary>Added to the union, so that two empty boxes have an overlap of 0.</summary>
    private const float Epsilon = 1e-7f;

    /// <summary>Intersection over union of two boxes given as x1, y1, x2, y2, in float32 as the reference computes it.</summary>
    public static float IoU(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        float width = Math.Min(first[2], second[2]) - Math.Max(first[0], second[0]);
        float height = Math.Min(first[3], second[3]) - Math.Max(first[1], second[1]);
        float intersection = Math.Max(0, width) * Math.Max(0, height);
        float firstArea = (first[2] - first[0]) * (first[3] - first[1]);
        float secondArea = (second[2] - second[0]) * (second[3] - second[1]);
        return intersection / (firstArea + secondArea - intersection + Epsilon);
    }
}
