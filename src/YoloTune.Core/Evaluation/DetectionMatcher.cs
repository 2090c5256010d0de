namespace YoloTune.Evaluation;

/// <summary>
/// Decides which detections are right: a detection takes the label of its class that it overlaps most, and of several detections that want
/// one label the one that stands first (they are ordered by confidence) gets it.
/// </summary>
internal static class DetectionMatcher
{
    /// <summary>
    /// The overlaps a detection is judged at, 0.50 to 0.95: the ten of COCO's mean average precision, as float32 holds them.
    /// </summary>
    public static ReadOnlySpan<float> Thresholds => [0.5f, 0.55f, 0.6f, 0.65f, 0.7f, 0.75f, 0.8f, 0.85f, 0.9f, 0.95f];

    /// <summary>Matches the detections of one image with its labels.</summary>
    /// <param name="labelBoxes">x1, y1, x2, y2 of every label: [labels * 4], in the frame of the detections.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections, best first.</param>
    /// <returns>
    /// For every detection a bit for each of <see cref="Thresholds"/>, the lowest for 0.50: set where it is a true positive.
    /// </returns>
    public static ushort[] Match(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        if (labelBoxes.Length != labelClasses.Length * 4)
        {
            throw new ArgumentException(
                $"{labelBoxes.Length} box values do not belong to {labelClasses.Length} labels.", nameof(labelBoxes));
        }
        float[] overlaps = new float[labelClasses.Length * detections.Count];
        for (int l = 0; l < labelClasses.Length; l++)
        {
            for (int d = 0; d < detections.Count; d++)
            {
                if (labelClasses[l] == detections.ClassId(d))
                    overlaps[l * detections.Count + d] = BoxOverlap.IoU(labelBoxes.Slice(l * 4, 4), detections.Box(d));
            }
        }
        return MatchOverlaps(overlaps, labelClasses, detections);
    }

    /// <summary>Matches the detections of one image with its labels by overlaps of whatever kind.</summary>
    /// <param name="overlaps">The overlap of every label with every detection: [labels * detections]. Those of other classes are not
    /// read.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections, best first.</param>
    /// <returns>As <see cref="Match"/>.</returns>
    public static ushort[] MatchOverlaps(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        if (overlaps.Length != labelClasses.Length * detections.Count)
        {
            throw new ArgumentException(
                $"{overlaps.Length} overlaps do not belong to {labelClasses.Length} labels and {detections.Count} detections.",
                nameof(overlaps));
        }
        ushort[] correct = new ushort[detections.Count];
        // The thresholds a label has been given away at, as bits.
        int[] taken = new int[labelClasses.Length];
        for (int d = 0; d < correct.Length; d++)
        {
            int best = -1;
            float bestOverlap = 0;
            for (int l = 0; l < labelClasses.Length; l++)
            {
                if (labelClasses[l] != detections.ClassId(d)) continue;
                float overlap = overlaps[l * correct.Length + d];
                if (overlap <= bestOverlap) continue;
                bestOverlap = overlap;
                best = l;
            }
            if (best < 0) continue;
            int reached = 0;
            for (int t = 0; t < Thresholds.Length; t++)
            {
                if (bestOverlap >= Thresholds[t]) reached |= 1 << t;
            }
            correct[d] = (ushort)(reached & ~taken[best]);
            taken[best] |= reached;
        }
        return correct;
    }
}
