using YoloTune.Data;

namespace YoloTune.Evaluation;

/// <summary>Compares labels and predictions image by image while a split is measured.</summary>
internal sealed class ImageCollector(
    IEvaluatedTask task, ImageDataset dataset, IReadOnlyList<string> classNames, EvaluationOptions options)
{
    private readonly Dictionary<string, DatasetImage> images =
        dataset.Images.DistinctBy(image => image.Path).ToDictionary(image => image.Path, StringComparer.Ordinal);

    private readonly IReadOnlyList<string> names = options.SingleClass ? DatasetOptions.SingleClassNames : classNames;
    private readonly double confidence = ConfusionMatrix.ConfidenceFor(options.Confidence);
    private readonly List<ImageMeasure> measured = [];

    /// <summary>Takes note of a batch.</summary>
    public void Add(EvaluatedBatch evaluated)
    {
        (int height, int width) = ((int)evaluated.Batch.Images.shape[2], (int)evaluated.Batch.Images.shape[3]);
        for (int i = 0; i < evaluated.Results.Count; i++)
        {
            BatchImage source = evaluated.Batch.Sources[i];
            if (!images.TryGetValue(source.Path, out DatasetImage? image)) continue;
            ResultFrame frame = new(source, height, width, names, confidence, dataset.Labels.Keypoints?.Count ?? 0);
            measured.Add(ImageJudge.Compare(
                image.Path, image.Width, image.Height, LabelObjects.Of(image, names, dataset.Labels.Rows, dataset.Labels.WholeImages),
                task.ObjectsOf(evaluated.Results[i], frame)));
        }
    }

    /// <summary>The images, by path.</summary>
    public IReadOnlyList<ImageMeasure> Images => measured.OrderBy(image => image.Path, StringComparer.Ordinal).ToArray();
}
