using TorchSharp;
using YoloTune.Tasks;
using YoloTune.Basics;
using YoloTune.Data.Features;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Runs.Stages;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>Checks a run before anything is read or written, and resolves what its options leave open.</summary>
internal static class RunChecks
{
    /// <summary>The options with paths made absolute, the image size a multiple of the stride and the precision chosen.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What to train on and how.</param>
    /// <param name="hooks">Told of what is changed.</param>
    /// <param name="device">Where the run is to be; null for where the model is.</param>
    /// <exception cref="TrainingException">Model or options do not allow a run.</exception>
    public static RunOptions Resolve(YoloModel model, RunOptions options, TrainingHooks hooks, torch.Device? device = null)
    {
        TrainingOptions training = options.Training;
        if (options.Stages.Count > 0) training = training with { Epochs = options.Stages.Sum(stage => Math.Max(stage.Epochs, 0)) };
        training = training.Checked();
        if (training.NominalBatchSize == 0) training = training with { NominalBatchSize = training.BatchSize };
        options = options with
        {
            Stages = [.. options.Stages.Select((stage, i) =>
                stage.Name.Length > 0 ? stage : stage with { Name = FormattableString.Invariant($"stage{i + 1}") })],
        };
        if (options.ReplayData is not null && !(options.ReplayRatio > 0 && double.IsFinite(options.ReplayRatio)))
        {
            throw new TrainingException(
                FormattableString.Invariant($"ReplayRatio cannot be {options.ReplayRatio}."),
                remedy: "Give a number above 0; 1 shows as many replayed images as images of the dataset.");
        }
        if (options.ReplayData is not null && training.Rectangular)
        {
            throw new TrainingException(
                "batches of like aspects cannot be mixed with replayed images.",
                remedy: "Leave out -ReplayData or the rectangular batches.");
        }
        CheckFeatureCache(training);
        CheckOptionsOfTasks(model, training, hooks);
        if (model.TrainableParameterCount == 0 && options.Stages.Count == 0)
        {
            throw new TrainingException(
                "every layer of the model is frozen.", remedy: "Free some of it with Set-YoloFreeze, or all with Set-YoloFreeze -None.");
        }
        StagePlan.Check(model, options, hooks);
        CheckFinite(model);
        int stride = model.Stride, size = (training.ImageSize + stride - 1) / stride * stride;
        if (size != training.ImageSize)
        {
            hooks.Warning?.Invoke(FormattableString.Invariant(
                $"The image size {training.ImageSize} is raised to {size}, a multiple of the model's stride {stride}."));
        }
        device ??= model.Items[0].Tensor.device;
        if (PrecisionResolver.Obstacle(training.Precision, device) is { } obstacle)
            throw new TrainingException(obstacle, remedy: PrecisionResolver.Remedy);
        return options with
        {
            Data = Path.GetFullPath(options.Data),
            ReplayData = options.ReplayData is { } replay ? Path.GetFullPath(replay) : null,
            OutputPath = Path.GetFullPath(options.OutputPath),
            Training = training with { ImageSize = size, Precision = PrecisionResolver.Resolve(training.Precision, device) },
        };
    }

    private static void CheckFeatureCache(TrainingOptions training)
    {
        if (training.FeatureCache == FeatureCacheMode.None) return;
        if (training.AugmentationVariants is null && !training.Augmentation.IsOff)
        {
            throw new TrainingException(
                "features cannot be kept of images that are augmented differently every epoch.",
                remedy: "Give -AugmentationVariants, so many variants of each image, or turn off all augmentation; "
                    + "or leave out -FeatureCache.");
        }
        if (training.Rectangular || training.Augmentation.MultiScale > 0)
        {
            throw new TrainingException(
                "features are kept of images of one size only.",
                remedy: "Leave out rectangular batches and multi_scale, or -FeatureCache.");
        }
    }

    // Options that not every task has a use for.
    private static void CheckOptionsOfTasks(YoloModel model, TrainingOptions training, TrainingHooks hooks)
    {
        YoloTask task = YoloTask.ToTrain(model.Task, model.Name);
        TrainingOptions defaults = new();
        foreach (string name in NetworkTask.All.OfType<YoloTask>().SelectMany(other => other.OwnOptions).Except(task.OwnOptions))
        {
            TrainingOption option = TrainingOption.All.Single(option => option.Name == name);
            if (!Equals(option.Of(training), option.Of(defaults)))
                hooks.Warning?.Invoke($"{name} has no effect on {model.Name}, a model for {task}.");
        }
    }

    private static void CheckFinite(YoloModel model)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        ModelItem? bad = model.Items.FirstOrDefault(item => item.Tensor.is_floating_point() && !item.Tensor.isfinite().all().ToBoolean());
        if (bad is not null)
        {
            throw new TrainingException(
                "the model holds values that are not finite.", position: "tensor " + bad.Name,
                remedy: "Start from an undamaged checkpoint.");
        }
    }
}
