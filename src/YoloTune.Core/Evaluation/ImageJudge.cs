namespace YoloTune.Evaluation;

/// <summary>
/// Compares the labels of one image with what was predicted on it. Each label and each prediction is counted once: first those that belong
/// together, then those that are confused, then those that are badly placed; what is left is missed or false.
/// </summary>
internal static class ImageJudge
{
    /// <summary>The least overlap of a label and a prediction that belong together.</summary>
    public const double LeastOverlap = 0.5;

    /// <summary>The least overlap of a label and a badly placed prediction of its class.</summary>
    public const double LeastTouch = 0.1;

    // A missed or confused object is a whole mistake, a badly placed one half; without the addend, images without anything right are equal.
    private const double MisplacedWeight = 0.5, Addend = 0.5;

    /// <summary>Compares.</summary>
    /// <param name="path">The image.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="found">What was predicted.</param>
    public static ImageMeasure Compare(string path, int width, int height, IReadOnlyList<ImageObject> labels,
        IReadOnlyList<ImageObject> found)
    {
        ImageObject[] truth = [.. labels], predicted = [.. found.OrderByDescending(item => item.Confidence)];
        double[,] overlaps = new double[truth.Length, predicted.Length];
        for (int l = 0; l < truth.Length; l++)
        {
            for (int p = 0; p < predicted.Length; p++) overlaps[l, p] = OutlineOverlap.Of(truth[l], predicted[p]);
        }
        Pair(truth, predicted, overlaps, LeastOverlap, sameClass: true, ObjectVerdict.Correct);
        Pair(truth, predicted, overlaps, LeastOverlap, sameClass: false, ObjectVerdict.Confused);
        Pair(truth, predicted, overlaps, LeastTouch, sameClass: true, ObjectVerdict.Misplaced);
        for (int l = 0; l < truth.Length; l++) truth[l] = Rest(truth[l], ObjectVerdict.Missed);
        for (int p = 0; p < predicted.Length; p++) predicted[p] = Rest(predicted[p], ObjectVerdict.False);
        ImageMeasure counted = new()
        {
            Path = path, Width = width, Height = height, Labels = truth.Length,
            Correct = Count(truth, ObjectVerdict.Correct), Missed = Count(truth, ObjectVerdict.Missed),
            False = Count(predicted, ObjectVerdict.False), Confused = Count(truth, ObjectVerdict.Confused),
            Misplaced = Count(truth, ObjectVerdict.Misplaced), Score = 1,
            Objects = (ImageObject[])[.. truth, .. predicted],
        };
        return counted with { Score = Score(counted, predicted) };
    }

    private static void Pair(
        ImageObject[] truth, ImageObject[] predicted, double[,] overlaps, double least, bool sameClass, ObjectVerdict verdict)
    {
        for (int p = 0; p < predicted.Length; p++)
        {
            if (predicted[p].Verdict != ObjectVerdict.None) continue;
            int best = -1;
            for (int l = 0; l < truth.Length; l++)
            {
                if (truth[l].Verdict != ObjectVerdict.None || truth[l].ClassId == predicted[p].ClassId != sameClass) continue;
                if (overlaps[l, p] >= least && (best < 0 || overlaps[l, p] > overlaps[best, p])) best = l;
            }
            if (best < 0) continue;
            (string label, string prediction) = (truth[best].ClassName, predicted[p].ClassName);
            truth[best] = truth[best] with { Verdict = verdict, Counterpart = prediction, Overlap = overlaps[best, p] };
            predicted[p] = predicted[p] with { Verdict = verdict, Counterpart = label, Overlap = overlaps[best, p] };
        }
    }

    private static ImageObject Rest(ImageObject item, ObjectVerdict verdict) =>
        item.Verdict == ObjectVerdict.None ? item with { Verdict = verdict } : item;

    private static int Count(ImageObject[] objects, ObjectVerdict verdict) => objects.Count(item => item.Verdict == verdict);

    private static double Score(ImageMeasure image, ImageObject[] predicted)
    {
        if (predicted is [{ IsWhole: true, Confidence: { } sure } whole])
            return whole.Verdict == ObjectVerdict.Correct ? 0.5 + (sure / 2) : 0.5 - (sure / 2);
        double mistakes = image.Missed + image.Confused + (MisplacedWeight * image.Misplaced)
            + predicted.Where(item => item.Verdict == ObjectVerdict.False).Sum(item => item.Confidence ?? 0);
        return (image.Correct + Addend) / (image.Correct + mistakes + Addend);
    }
}
