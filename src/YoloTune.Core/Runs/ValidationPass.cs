using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data.Batches;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>Measures weights in the course of a run, exactly as Measure-YoloModel does with its defaults at the run's image size.</summary>
internal static class ValidationPass
{
    public static YoloMetrics Run(
        YoloNetwork network, YoloModel model, RunData data, TrainingOptions training, ICriterion criterion, TrainingEngine engine,
        Action<EvaluatedBatch>? observer, IProgress<EvaluationProgress> progress, CancellationToken cancellation)
    {
        EvaluationOptions options = new()
        {
            ImageSize = training.ImageSize,
            SingleClass = training.SingleClass,
            Workers = data.Workers,
            Precision = Precision.Float32,
        };
        ValidationBatches batches = new(data.Validation!, new ValidationBatchOptions
        {
            ImageSize = training.ImageSize,
            BatchSize = options.BatchSize,
            Rect = options.Rectangular,
            Stride = model.Stride,
            Workers = data.Workers,
        });
        // Only the last measurement is looked at image by image.
        ImageCollector? collector = observer is null ? null
            : new(IEvaluatedTask.Of(model.Task), data.Validation!, model.ClassNames, options);
        ValidationHooks hooks = new()
        {
            LossNames = criterion.Names,
            Loss = (output, batch) =>
            {
                using DisposeScope scope = torch.NewDisposeScope();
                return criterion.Compute(output, engine.OnDevice(batch)).Items.MoveToOuterDisposeScope();
            },
            Observer = collector is null ? observer : (Action<EvaluatedBatch>)collector.Add + observer,
            Progress = progress,
            TotalImages = batches.ImageCount,
        };
        YoloMetrics metrics = new Validator(model.ClassNames, options).Run(network, batches.Read(cancellation), hooks, cancellation);
        return collector is null ? metrics : metrics with { Images = collector.Images };
    }
}
