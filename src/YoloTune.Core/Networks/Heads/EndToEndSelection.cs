using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Picks the detections of an end-to-end head (YOLOv10, YOLO26), which need no non-maximum suppression.</summary>
internal static class EndToEndSelection
{
    /// <summary>The number of detections kept an image unless told otherwise.</summary>
    public const int DefaultMaxDetections = 300;

    /// <summary>Keeps the best detections of each image, sorted by score.</summary>
    /// <param name="predictions">Decoded predictions [N, A, 4 + classes + extras]; see <see cref="Detect.Decode"/>, transposed.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="maxDetections">At most so many an image.</param>
    /// <param name="classAgnostic">One class an anchor: its best.</param>
    /// <returns>[N, k, 6 + extras]: box, score, class number, extras.</returns>
    public static Tensor Select(
        Tensor predictions, int classCount, int maxDetections = DefaultMaxDetections, bool classAgnostic = false)
    {
        using DisposeScope scope = NewDisposeScope();
        long extras = predictions.shape[2] - 4 - classCount;
        Tensor[] parts = predictions.split([4, classCount, extras], 2);
        int count = (int)Math.Min(maxDetections, predictions.shape[1]);
        (Tensor best, Tensor bestClass) = parts[1].max(2);
        (Tensor topScores, Tensor anchors) = topk(best, count, 1);
        Tensor scores;
        Tensor classes;
        if (classAgnostic)
        {
            scores = topScores;
            classes = bestClass.gather(1, anchors);
        }
        else
        {
            Tensor candidates = Rows(parts[1], anchors).flatten(1);
            (scores, Tensor index) = topk(candidates, count, 1);
            classes = index % classCount;
            anchors = anchors.gather(1, index.div(classCount, RoundingMode.floor));
        }
        Tensor labels = classes.to(predictions.dtype).unsqueeze(2);
        return cat([Rows(parts[0], anchors), scores.unsqueeze(2), labels, Rows(parts[2], anchors)], 2).MoveToOuterDisposeScope();
    }

    private static Tensor Rows(Tensor values, Tensor anchors) =>
        values.gather(1, anchors.unsqueeze(2).expand(-1, -1, values.shape[2]));
}
