using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;

namespace YoloTune.Training.Run;

/// <summary>The images of a run, checked against the model.</summary>
internal sealed class RunData : IDisposable
{
    private const int MostProblemsTold = 10;
    private const int MostWorkers = 8;

    private RunData(DatasetDescription description, TrainingPipeline pipeline, DetectionDataset? validation, int workers)
    {
        Description = description;
        Pipeline = pipeline;
        Validation = validation;
        Workers = workers;
        Batches = new TrainingBatches(pipeline, workers);
    }

    /// <summary>The batches with a stage's augmentation; images that are kept are kept for all stages together.</summary>
    public TrainingBatches BatchesOf(AugmentationOptions augmentation) => augmentation == Pipeline.Options.Augmentation
        ? Batches
        : new TrainingBatches(Pipeline.With(augmentation), Workers);

    public DatasetDescription Description { get; }

    public TrainingPipeline Pipeline { get; }

    public DetectionDataset Training => Pipeline.Dataset;

    /// <summary>The validation split; null without validation.</summary>
    public DetectionDataset? Validation { get; }

    public TrainingBatches Batches { get; }

    public int Workers { get; }

    /// <summary>Opens the splits; everything that is wrong with them comes up here, before anything is written.</summary>
    /// <exception cref="DatasetException">The dataset cannot be read.</exception>
    /// <exception cref="TrainingException">The dataset has no boxes, or other classes than the model.</exception>
    public static RunData Open(YoloModel model, RunOptions options, TrainingHooks hooks, CancellationToken cancellation)
    {
        TrainingOptions training = options.Training;
        DatasetDescription description = DatasetDescription.Load(options.Data);
        CheckClasses(model, description, training.SingleClass, hooks);
        DatasetOptions reading = new() { SingleClass = training.SingleClass };
        DetectionDataset train =
            Load(description, "train", reading with { Fraction = training.Fraction }, hooks, cancellation);
        if (train.InstanceCount == 0)
        {
            throw new TrainingException(
                $"none of the {train.Images.Count} training images has a valid box.", description.File,
                remedy: "Run Test-YoloDataset to see what is wrong with the labels.");
        }
        DetectionDataset? validation = training.Validate ? Load(description, "val", reading, hooks, cancellation) : null;
        if (validation is { InstanceCount: 0 })
            hooks.Warning?.Invoke("No validation image has a box: nothing can be measured, and the last epoch counts as the best.");
        if (train.Images.Count < training.BatchSize)
        {
            hooks.Warning?.Invoke(
                $"There are {train.Images.Count} training images, fewer than a batch of {training.BatchSize}: "
                + "each batch holds all of them.");
        }
        int stride = model.Stride;
        TrainingPipeline pipeline = TrainingPipeline.Create(train, new PipelineOptions
        {
            ImageSize = training.ImageSize,
            BatchSize = training.BatchSize,
            Seed = training.Seed,
            Augmentation = training.Augmentation,
            Rect = training.Rectangular,
            Stride = stride,
            Cache = training.Cache,
            CacheBytes = options.CacheBytes,
        });
        int workers = Math.Max(1, training.Workers ?? Math.Min(Environment.ProcessorCount, MostWorkers));
        return new RunData(description, pipeline, validation, workers);
    }

    public void Dispose() => Pipeline.Dispose();

    private static void CheckClasses(YoloModel model, DatasetDescription description, bool singleClass, TrainingHooks hooks)
    {
        int classes = singleClass ? 1 : description.ClassCount;
        if (classes != model.ClassCount)
        {
            throw new TrainingException(
                $"the dataset has {classes} {(classes == 1 ? "class" : "classes")}, and the model {model}.", description.File,
                remedy: "Give the model the dataset's classes: Set-YoloClass "
                    + string.Join(", ", (singleClass ? ["item"] : description.Names).Select(name => $"'{name}'")) + ".");
        }
        if (!singleClass && !description.Names.SequenceEqual(model.ClassNames, StringComparer.OrdinalIgnoreCase))
        {
            hooks.Warning?.Invoke(
                $"The dataset calls its classes {string.Join(", ", description.Names)}, the model {string.Join(", ", model.ClassNames)}: "
                + "they are taken for the same in this order.");
        }
    }

    private static DetectionDataset Load(
        DatasetDescription description, string split, DatasetOptions options, TrainingHooks hooks, CancellationToken cancellation)
    {
        hooks.Progress?.Report(new(TrainingPhase.Preparing, 0, 0, 0, 0));
        DetectionDataset dataset = DetectionDataset.Load(description, split, options, cancellation: cancellation);
        foreach (DatasetProblem problem in dataset.Problems.Take(MostProblemsTold)) hooks.Warning?.Invoke(problem.ToString());
        if (dataset.Problems.Count > MostProblemsTold)
        {
            hooks.Warning?.Invoke(
                $"{dataset.Problems.Count - MostProblemsTold} more problems in the split '{split}': Test-YoloDataset shows all of them.");
        }
        hooks.Message?.Invoke(
            $"{split}: {dataset.Images.Count} images, {dataset.BackgroundCount} without boxes, {dataset.InstanceCount} boxes, "
            + $"{dataset.ImagesDropped} dropped.");
        return dataset;
    }
}
