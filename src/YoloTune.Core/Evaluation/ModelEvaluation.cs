using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Inference;
using YoloTune.Models;


namespace YoloTune.Evaluation;

/// <summary>Measures a model on a split of a dataset: what Measure-YoloModel does.</summary>
public static class ModelEvaluation
{
    /// <summary>Reads the split, checks that its classes fit, and measures.</summary>
    /// <param name="model">The model, or an .onnx file; left as it is.</param>
    /// <param name="dataPath">The dataset's YAML, or a folder that holds one.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="problems">Receives, once, the labels and images that cannot be used.</param>
    /// <param name="progress">Receives how far the measurement is.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="DatasetException">The dataset or split cannot be read, or its classes do not fit the model.</exception>
    public static YoloMetrics Measure(
        IYoloDetector model,
        string dataPath,
        EvaluationOptions options,
        Action<IReadOnlyList<DatasetProblem>>? problems = null,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default) => Measure(model, dataPath, options, null, problems, progress, cancellation);

    /// <summary>As above, and shows each batch with its detections to an observer.</summary>
    internal static YoloMetrics Measure(
        IYoloDetector model,
        string dataPath,
        EvaluationOptions options,
        Action<EvaluatedBatch>? observer,
        Action<IReadOnlyList<DatasetProblem>>? problems = null,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        IEvaluatedTask task = IEvaluatedTask.Of(model.Task);
        DatasetDescription description = DatasetDescription.Load(dataPath);
        TaskLabels labels = task.LabelsFor(description);
        DatasetJudge.RequireKind(description, labels, model.Name);
        task.CheckShape(description, model.Name, model.Shape);
        ClassMapping? mapping = options.SingleClass ? null : ClassMapping.Fit(description.Names, model.ClassNames);
        if (!options.SingleClass && mapping is null)
        {
            throw new DatasetException($"the dataset has {description.ClassCount} classes and {model.Name} has {model.ClassCount}.",
                description.File,
                remedy: "Measure on data of the model's own classes, "
                    + "or give the model this dataset's classes with Set-YoloClass and train it.");
        }
        ImageDataset dataset = ImageDataset.Load(description, options.Split,
            new DatasetOptions
            {
                Labels = labels,
                SingleClass = options.SingleClass,
                Mapping = mapping,
                Classes = options.Classes?.ToHashSet(),
            },
            cancellation: cancellation);
        if (dataset.Problems.Count > 0) problems?.Invoke(dataset.Problems);
        using IInference inference = DetectorInference.Open(model, options.Fuse, options.Precision);
        options = options with { ImageSize = SizeFor(model, inference, options) };
        ValidationBatches batches = new(dataset, new ValidationBatchOptions
        {
            ImageSize = options.ImageSize.Value,
            BatchSize = options.BatchSize,
            Rect = options.Rectangular && inference.FixedSize is null,
            Stride = Math.Max(model.Stride, 32),
            Workers = options.Workers,
        });
        Validator validator = new(model.ClassNames, options);
        ImageCollector collector = new(task, dataset, model.ClassNames, options);
        YoloMetrics metrics = validator.Run(model.Task, inference, batches.Read(cancellation), new ValidationHooks
        {
            Progress = progress,
            TotalImages = batches.ImageCount,
            Observer = (Action<EvaluatedBatch>)collector.Add + observer,
        }, cancellation);
        return metrics with { Images = collector.Images, Model = model.Name, Data = description.File };
    }

    /// <summary>
    /// The longer side of the images: the file's where it is fixed, otherwise as asked or the model's own, raised to the stride.
    /// </summary>
    private static int SizeFor(IYoloDetector model, IInference inference, EvaluationOptions options)
    {
        if (inference.FixedSize is not var (height, width))
        {
            int asked = options.ImageSize ?? model.ImageSize;
            return (asked + model.Stride - 1) / model.Stride * model.Stride;
        }
        return height == width
            ? height
            : throw new SelectionException(FormattableString.Invariant(
                $"{model.Name} takes images of {height} x {width} pixels only, and a measurement wants squares."),
                remedy: "Export the model with -Dynamic, or for a square.");
    }
}
