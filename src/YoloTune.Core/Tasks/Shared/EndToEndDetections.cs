using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Evaluation;
using YoloTune.Networks.Heads;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Detections of end-to-end heads (YOLOv10, YOLO26), which learn to give one box an object: the best scores are taken as they are and
/// nothing is suppressed.
/// </summary>
internal static class EndToEndDetections
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
        using torch.Tensor byAnchor = predictions.transpose(1, 2);
        using torch.Tensor rows = EndToEndSelection.Select(
            byAnchor, classCount, Math.Max(EndToEndSelection.DefaultMaxDetections, options.MaxDetections));
        return FromRows(rows, options);
    }

    /// <summary>Picks the detections from rows an end-to-end head, or an exported model, has already ranked.</summary>
    /// <param name="rows">[N, k, 6 + extra]: x1, y1, x2, y2, score, class, then columns passed on; best first.</param>
    /// <param name="options">The confidence, the number of detections and, after that cut, the class filter are used.</param>
    /// <returns>One set of detections an image; their anchors are the numbers of the rows.</returns>
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
}
