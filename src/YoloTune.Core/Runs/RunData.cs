using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;
using YoloTune.Models;
using YoloTune.Tasks;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>The images of a run, checked against the model.</summary>
internal sealed class RunData : IDisposable
{
    private const int MostProblemsTold = 10;
    private const int MostWorkers = 8;

    private RunData(DatasetDescription description, TrainingPipeline pipeline, ImageDataset? validation, int workers)
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

    /// <summary>The pipeline with a stage's augmentation.</summary>
    public TrainingPipeline PipelineOf(AugmentationOptions augmentation) =>
        augmentation == Pipeline.Options.Augmentation ? Pipeline : Pipeline.With(augmentation);

    public DatasetDescription Description { get; }

    public TrainingPipeline Pipeline { get; }

    public ImageDataset Training => Pipeline.Dataset;

    /// <summary>The validation split; null without validation.</summary>
    public ImageDataset? Validation { get; }

    public TrainingBatches Batches { get; }

    public int Workers { get; }

    /// <summary>Opens the splits; everything that is wrong with them is reported here, before anything is written.</summary>
    /// <exception cref="DatasetException">The dataset cannot be read.</exception>
    /// <exception cref="TrainingException">The dataset has no boxes, or other classes than the model.</exception>
    public static RunData Open(YoloModel model, RunOptions options, TrainingHooks hooks, CancellationToken cancellation)
    {
        TrainingOptions training = options.Training;
        DatasetDescription description = Describe(options.Data, model, training, hooks);
        DatasetOptions reading = new()
        {
            Labels = LabelsFor(model, description, training),
            SingleClass = training.SingleClass,
            Mapping = Fit(model, description, training.SingleClass, hooks),
        };
        TakeKeypoints(model, reading, training, hooks);
        ImageDataset train =
            Load(description, "train", reading with { Fraction = training.Fraction }, hooks, cancellation);
        if (train.InstanceCount == 0)
        {
            DatasetProblem? judged = train.Problems.FirstOrDefault(problem => problem.Action == ProblemAction.SplitUnusable);
            throw new TrainingException(
                judged?.Reason ?? $"none of the {train.Images.Count} training images has a valid box.", description.File,
                remedy: "Run Test-YoloDataset to see what is wrong with the labels.");
        }
        ImageDataset? validation = training.Validate ? Load(description, "val", reading, hooks, cancellation) : null;
        if (validation is { InstanceCount: 0 })
            hooks.Warning?.Invoke("No validation image has a box: nothing can be measured, and the last epoch counts as the best.");
        if (train.Images.Count < training.BatchSize)
        {
            hooks.Warning?.Invoke(
                $"There are {train.Images.Count} training images, fewer than a batch of {training.BatchSize}: "
                + "each batch holds all of them.");
        }
        ReplayOptions? replay = null;
        if (options.ReplayData is not null)
        {
            ImageDataset second = LoadReplay(model, options, hooks, cancellation);
            int perEpoch = Math.Max(1, (int)Math.Round(train.Images.Count * options.ReplayRatio));
            hooks.Message?.Invoke(
                $"Every epoch shows {train.Images.Count} images of the dataset and {perEpoch} of {second.Images.Count} to replay.");
            train = train.Followed(second);
            replay = new(second.Images.Count, perEpoch);
        }
        int stride = model.Stride;
        TrainingPipeline pipeline = TrainingPipeline.Create(train, new PipelineOptions
        {
            ImageSize = training.ImageSize,
            BatchSize = training.BatchSize,
            Seed = training.Seed,
            Augmentation = training.Augmentation,
            Variants = training.AugmentationVariants,
            Replay = replay,
            Rect = training.Rectangular && !train.Labels.WholeImages,
            Stride = stride,
            Cache = training.Cache,
            CacheBytes = options.CacheBytes,
        });
        int workers = Math.Max(1, training.Workers ?? Math.Min(Environment.ProcessorCount, MostWorkers));
        return new RunData(description, pipeline, validation, workers);
    }

    public void Dispose() => Pipeline.Dispose();

    // What Test-YoloDataset calls unusable is an error here, and what else it finds in the description a warning.
    private static DatasetDescription Describe(string path, YoloModel model, TrainingOptions training, TrainingHooks hooks)
    {
        DatasetDescription description = DatasetDescription.Load(path);
        DatasetJudge.RequireKind(description, LabelsFor(model, description, training), model.Name);
        foreach (DatasetProblem problem in DatasetJudge.OfDescription(description, training.Validate))
        {
            // As one class, names do not matter.
            if (problem.Action == ProblemAction.Refused && training.SingleClass) continue;
            if (problem.Action is ProblemAction.Refused or ProblemAction.SplitUnusable)
            {
                string? place = problem.Line is { } line ? FormattableString.Invariant($"line {line}") : null;
                throw new DatasetException(problem.Reason, problem.File, place, "Run Test-YoloDataset to see every problem.");
            }
            hooks.Warning?.Invoke(problem.ToString());
        }
        return description;
    }

    private static ImageDataset LoadReplay(YoloModel model, RunOptions options, TrainingHooks hooks, CancellationToken cancellation)
    {
        DatasetDescription description = DatasetDescription.Load(options.ReplayData!);
        DatasetJudge.RequireKind(description, LabelsFor(model, description, options.Training), model.Name);
        bool single = options.Training.SingleClass;
        ClassMapping? mapping = single ? null : ClassMapping.ByName(description.Names, model.ClassNames);
        if (mapping is not null && mapping.Unknown.Count() == description.ClassCount)
        {
            throw new TrainingException(
                $"the model {model} has none of the {description.ClassCount} classes to replay: "
                + $"{string.Join(", ", description.Names.Take(10))}.",
                description.File, remedy: $"Replay images of the model's own classes: {string.Join(", ", model.ClassNames.Take(10))}.");
        }
        string[] unknown = [.. (mapping?.Unknown ?? []).Select(id => description.Names[id])];
        if (unknown.Length > 0)
            hooks.Warning?.Invoke(
                $"The model does not have these classes to replay, and their boxes are left out: {string.Join(", ", unknown)}.");
        DatasetOptions reading = new()
        {
            Labels = LabelsFor(model, description, options.Training), SingleClass = single, Mapping = mapping,
        };
        ImageDataset dataset = Load(description, "train", reading, hooks, cancellation);
        return dataset.InstanceCount > 0 ? dataset : throw new TrainingException(
            $"none of the {dataset.Images.Count} images to replay has a valid box.", description.File,
            remedy: "Run Test-YoloDataset to see what is wrong with the labels.");
    }

    // What the model has to know of keypoints that are named, and what their order forbids.
    private static void TakeKeypoints(YoloModel model, DatasetOptions reading, TrainingOptions training, TrainingHooks hooks)
    {
        if (reading.Labels.Keypoints is not { } keypoints) return;
        if (keypoints.Names.Count > 0)
        {
            model.KeypointNames = keypoints.Names
                .Select(entry => (Id: reading.Mapping?.Ids.ElementAtOrDefault(entry.Key) ?? entry.Key, Names: entry.Value))
                .Where(entry => entry.Id >= 0).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id, entry => entry.Names);
        }
        if (!reading.Labels.CanFlip && (training.Augmentation.FlipLr > 0 || training.Augmentation.FlipUd > 0))
        {
            hooks.Warning?.Invoke(
                "The dataset has no flip_idx, which says how keypoints change places in a mirrored image: images are not mirrored "
                + "(fliplr and flipud count as 0).");
        }
    }

    private static TaskLabels LabelsFor(YoloModel model, DatasetDescription description, TrainingOptions training)
    {
        YoloTask task = YoloTask.ToTrain(model.Task, model.ToString());
        task.CheckShape(description, model.Name, model.Shape);
        return task.LabelsFor(description, training);
    }

    /// <summary>The classes of the dataset among those of the model; null when they are the same.</summary>
    private static ClassMapping? Fit(YoloModel model, DatasetDescription description, bool singleClass, TrainingHooks hooks)
    {
        int classes = singleClass ? 1 : description.ClassCount;
        ClassMapping? mapping = singleClass ? null : ClassMapping.Fit(description.Names, model.ClassNames);
        if (singleClass ? classes != model.ClassCount : mapping is null)
        {
            IReadOnlyList<string> wanted = singleClass ? DatasetOptions.SingleClassNames : description.Names;
            throw new TrainingException(
                $"the dataset has {classes} {(classes == 1 ? "class" : "classes")}, and the model {model}.", description.File,
                remedy: "Give the model the dataset's classes: Set-YoloClass "
                    + string.Join(", ", wanted.Select(name => $"'{name}'")) + ".");
        }
        if (mapping is { IsIdentity: true } && !description.Names.SequenceEqual(model.ClassNames, StringComparer.OrdinalIgnoreCase))
        {
            hooks.Warning?.Invoke(
                $"The dataset calls its classes {string.Join(", ", description.Names)}, the model {string.Join(", ", model.ClassNames)}: "
                + "they are taken for the same in this order.");
        }
        if (mapping is { IsIdentity: false }) hooks.Message?.Invoke("The dataset's classes are found among the model's by their names.");
        return mapping;
    }

    private static ImageDataset Load(
        DatasetDescription description, string split, DatasetOptions options, TrainingHooks hooks, CancellationToken cancellation)
    {
        hooks.Progress?.Report(new(TrainingPhase.Preparing, 0, 0, 0, 0));
        ImageDataset dataset = ImageDataset.Load(description, split, options, cancellation: cancellation);
        // A training split without a box ends the run with the same sentence.
        bool isEmpty = split == "train" && dataset.InstanceCount == 0;
        foreach (DatasetProblem problem in dataset.Problems.Where(problem => !isEmpty || problem.Action != ProblemAction.SplitUnusable)
            .Take(MostProblemsTold)) hooks.Warning?.Invoke(problem.ToString());
        if (dataset.Problems.Count > MostProblemsTold)
        {
            hooks.Warning?.Invoke(
                $"{dataset.Problems.Count - MostProblemsTold} more problems in the split '{split}': Test-YoloDataset shows all of them.");
        }
        hooks.Message?.Invoke(dataset.Labels.WholeImages
            ? $"{split}: {dataset.Images.Count} images of {dataset.ClassCount} classes, {dataset.ImagesDropped} dropped."
            : $"{split}: {dataset.Images.Count} images, {dataset.BackgroundCount} without boxes, {dataset.InstanceCount} boxes, "
            + $"{dataset.ImagesDropped} dropped.");
        return dataset;
    }
}
