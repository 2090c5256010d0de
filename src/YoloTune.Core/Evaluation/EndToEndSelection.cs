using System.Runtime.InteropServices;
using TorchSharp;

namespace YoloTune.Evaluation;

/// <summary>
/// Detections of end-to-end heads (YOLOv10, YOLO26), which learn to give one box an object: the best scores are taken as they are and
/// nothing is suppressed.
/// </summary>
public static class EndToEndSelection
{
    /// <summary>
    /// Picks the detections from what an end-to-end head gives for every anchor: the best anchors by their best class, then the best pairs
    /// of anchor and class among those, then those above the confidence.
    /// </summary>
    /// <param name="predictions">[N, 4 + classes + extra, A]: corners x1, y1, x2, y2 in pixels, scores 0-1, then columns passed on.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">The confidence, the number of detections and the class filter are used.</param>
    /// <exception cref="ArgumentException">The shape does not fit the class count, or a threshold is outside 0-1.</exception>
    public static Detections[] FromAnchors(torch.Tensor predictions, int classCount, NmsOptions options)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(options);
        NonMaxSuppression.Check(predictions, classCount);
        NonMaxSuppression.Check(options);
        using torch.Tensor values = NonMaxSuppression.ToHost(predictions);
        int channels = (int)values.shape[1], anchors = (int)values.shape[2];
        bool[]? keep = NonMaxSuppression.ClassMask(options.Classes, classCount);
        Detections[] results = new Detections[values.shape[0]];
        for (int i = 0; i < results.Length; i++)
        {
            using torch.Tensor image = values[i];
            results[i] = SelectImage(MemoryMarshal.Cast<byte, float>(image.bytes), channels, anchors, classCount, options, keep);
        }
        return results;
    }

    /// <summary>Picks the detections from rows an exported end-to-end model has already chosen.</summary>
    /// <param name="rows">[N, k, 6 + extra]: x1, y1, x2, y2, score, class, then columns passed on; best first.</param>
    /// <param name="options">The confidence, the number of detections and, after that cut, the class filter are used.</param>
    /// <exception cref="ArgumentException">The shape is another one, or a threshold is outside 0-1.</exception>
    public static Detections[] FromRows(torch.Tensor rows, NmsOptions options)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        if (rows.dim() != 3 || rows.shape[2] < Detections.FixedColumns)
        {
            throw new ArgumentException($"Rows [{string.Join(", ", rows.shape)}] are not [N, k, 6 + extra].", nameof(rows));
        }
        NonMaxSuppression.Check(options);
        using torch.Tensor values = NonMaxSuppression.ToHost(rows);
        int columns = (int)values.shape[2];
        Detections[] results = new Detections[values.shape[0]];
        for (int i = 0; i < results.Length; i++)
        {
            using torch.Tensor image = values[i];
            results[i] = Filter(MemoryMarshal.Cast<byte, float>(image.bytes), columns, options);
        }
        return results;
    }

    private static Detections Filter(ReadOnlySpan<float> values, int columns, NmsOptions options)
    {
        List<float> rows = [];
        List<int> indices = [];
        float threshold = (float)options.Confidence;
        int taken = 0;
        for (int i = 0; i < values.Length / columns && taken < options.MaxDetections; i++)
        {
            ReadOnlySpan<float> row = values.Slice(i * columns, columns);
            if (!(row[4] > threshold)) continue;
            taken++;
            if (options.Classes is not null && !options.Classes.Contains((int)row[5])) continue;
            rows.AddRange(row);
            indices.Add(i);
        }
        return new Detections([.. rows], [.. indices], columns);
    }

    private static Detections SelectImage(
        ReadOnlySpan<float> values, int channels, int anchors, int classes, NmsOptions options, bool[]? keep)
    {
        ReadOnlySpan<float> scores = values.Slice(4 * anchors, classes * anchors);
        // A pair that passes the second cut belongs to an anchor that passes the first: an anchor outside the best k by its best class has
        // k better anchors, hence k better pairs. So one queue over all pairs gives what the two cuts give.
        CandidateQueue queue = new();
        queue.FillAll(scores, anchors, classes, (float)options.Confidence, keep: null);
        int extra = channels - 4 - classes, columns = Detections.FixedColumns + extra;
        List<float> rows = [];
        List<int> indices = [];
        for (int taken = Math.Min(options.MaxDetections, queue.Count); taken > 0; taken--)
        {
            int position = queue.Take();
            int anchor = position / classes, classId = position % classes;
            if (keep is not null && !keep[classId]) continue;
            for (int c = 0; c < 4; c++) rows.Add(values[(c * anchors) + anchor]);
            rows.Add(values[((4 + classId) * anchors) + anchor]);
            rows.Add(classId);
            for (int e = 0; e < extra; e++) rows.Add(values[((4 + classes + e) * anchors) + anchor]);
            indices.Add(anchor);
        }
        return new Detections([.. rows], [.. indices], columns);
    }
}
