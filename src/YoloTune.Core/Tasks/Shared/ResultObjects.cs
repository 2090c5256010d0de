using YoloTune.Evaluation;

namespace YoloTune.Tasks.Shared;

/// <summary>Detections as objects in pixels of the original image.</summary>
internal static class ResultObjects
{
    /// <summary>The detections that are sure enough, best first, one of each anchor.</summary>
    /// <param name="found">The detections.</param>
    /// <param name="frame">How the image lies in the batch.</param>
    /// <param name="complete">Adds what the task has beyond boxes to the object of a detection; null for nothing.</param>
    public static ImageObject[] Of(Detections found, ResultFrame frame, Func<ImageObject, int, ImageObject>? complete = null)
    {
        List<ImageObject> objects = [];
        // A measurement takes every class of an anchor for a detection; a prediction, and so a person, sees the best only.
        HashSet<int> seen = [];
        for (int i = 0; i < found.Count; i++)
        {
            if (!(found.Confidence(i) > frame.Confidence) || !seen.Add(found.Anchors[i])) continue;
            ReadOnlySpan<float> box = found.Box(i);
            int id = found.ClassId(i);
            ImageObject item = new(id, frame.ClassNames[id], frame.X(box[0]), frame.Y(box[1]), frame.X(box[2]), frame.Y(box[3]))
            {
                Confidence = found.Confidence(i),
            };
            objects.Add(complete is null ? item : complete(item, i));
        }
        return [.. objects];
    }
}
