using TorchSharp;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// Turns decoded predictions of oriented boxes into detections: a confidence filter, then the suppression that the models were tuned with.
/// A box goes when any better box of its class overlaps it, even one that is itself gone; so of a row of boxes that each overlap the next
/// only the best stays.
/// </summary>
internal static class RotatedSuppression
{
    /// <summary>
    /// Boxes of different classes are moved apart by this many pixels before overlaps are computed, as the reference does; the rounding
    /// that it brings decides overlaps that lie at the threshold.
    /// </summary>
    private const float ClassOffset = 7680;

    /// <summary>Columns of a row: x, y, width, height, confidence, class, angle.</summary>
    private const int Columns = Detections.FixedColumns + 1;

    /// <summary>Picks the detections of every image of a batch.</summary>
    /// <param name="predictions">[N, 4 + classes + 1, A]: centre, width and height in pixels, scores 0-1, the angle.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">
    /// Thresholds and limits. Here a box that overlaps a better one by exactly the threshold goes; with a threshold of 0 any overlap
    /// counts.
    /// </param>
    /// <returns>One set of detections an image; rows of x, y, width, height, confidence, class, angle.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the class count, or a threshold is outside 0-1.</exception>
    public static Detections[] Run(torch.Tensor predictions, int classCount, NmsOptions options)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(options);
        NonMaxSuppression.Check(options);
        if (predictions.dim() != 3 || predictions.shape[1] != 4 + classCount + 1)
        {
            string shape = string.Join(", ", predictions.shape);
            throw new ArgumentException($"Predictions [{shape}] are not [N, 4 + {classCount} classes + angle, A].", nameof(predictions));
        }
        return NonMaxSuppression.ForEachImage(predictions, classCount, options, RunImage);
    }

    internal static Detections RunImage(in ImageCandidates image, NmsOptions options, CandidateQueue queue)
    {
        image.Fill(queue, options);
        if (queue.Count == 0) return Detections.Empty;
        ReadOnlySpan<float> values = image.Values;
        (int anchors, int classes) = (image.Anchors, image.Classes);
        float limit = (float)options.IoU, apart = ProbabilisticIoU.DistanceFor(options.IoU);
        List<GaussianBox>[] better = [.. Enumerable.Range(0, options.Agnostic ? 1 : classes).Select(_ => new List<GaussianBox>())];
        List<float> rows = [];
        List<int> kept = [];
        for (int budget = Math.Min(options.MaxCandidates, queue.Count); budget > 0 && kept.Count < options.MaxDetections; budget--)
        {
            int position = queue.Take();
            int anchor = position / classes, classId = position % classes;
            float x = values[anchor], y = values[anchors + anchor];
            float width = values[(2 * anchors) + anchor], height = values[(3 * anchors) + anchor];
            float angle = values[((4 + classes) * anchors) + anchor];
            float shift = options.Agnostic ? 0 : classId * ClassOffset;
            GaussianBox box = new(x + shift, y + shift, width, height, angle);
            List<GaussianBox> others = better[options.Agnostic ? 0 : classId];
            bool suppressed = IsSuppressed(box, others, limit, apart);
            others.Add(box);
            if (suppressed) continue;
            rows.AddRange([x, y, width, height, values[((4 + classId) * anchors) + anchor], classId, angle]);
            kept.Add(anchor);
        }
        return new Detections([.. rows], [.. kept], Columns);
    }

    private static bool IsSuppressed(in GaussianBox box, List<GaussianBox> others, float limit, float apart)
    {
        // The latest boxes have the nearest scores and are the likeliest to overlap.
        for (int i = others.Count - 1; i >= 0; i--)
        {
            if (ProbabilisticIoU.AreApart(box, others[i], apart)) continue;
            float overlap = ProbabilisticIoU.Compute(others[i], box);
            if (overlap >= limit && overlap > 0) return true;
        }
        return false;
    }
}
