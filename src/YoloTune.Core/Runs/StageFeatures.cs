using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Features;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>
/// The batches of a run's epochs: with images, or with the outputs of a stage's frozen first layers where -FeatureCache keeps them. The
/// outputs belong to one stage and to its frozen weights.
/// </summary>
internal sealed class StageFeatures(RunOptions options, TrainingEngine engine, RunData data, RunFolder folder, TrainingHooks hooks)
    : IDisposable
{
    private const double Megabyte = 1024 * 1024;
    private FeatureBatches? features;
    private PlannedStage? opened;

    private FeatureCacheMode Mode => options.Training.FeatureCache;

    /// <summary>The batches of an epoch.</summary>
    /// <param name="stage">The epoch's stage; the model is in it already.</param>
    /// <param name="epoch">The run's epoch, from 0.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public IEnumerable<ImageBatch> Batches(PlannedStage stage, int epoch, CancellationToken cancellation)
    {
        bool closes = stage.ClosesMosaic(epoch);
        if (Mode != FeatureCacheMode.None && opened != stage) Open(stage);
        return features is null
            ? data.BatchesOf(stage.Training.Augmentation).Epoch(epoch, closes, cancellation)
            : features.Epoch(epoch, closes, cancellation);
    }

    /// <summary>Drops what is kept: another stage begins, or the weights were replaced.</summary>
    public void Drop()
    {
        features?.Dispose();
        features = null;
        opened = null;
    }

    /// <summary>Drops what is kept.</summary>
    public void Dispose() => Drop();

    private void Open(PlannedStage stage)
    {
        Drop();
        opened = stage;
        TrainingPipeline pipeline = data.PipelineOf(stage.Training.Augmentation);
        if (engine.Prefix is not { } prefix)
        {
            hooks.Warning?.Invoke(
                $"The first layer learns in stage {stage.Name}, so that there is nothing to keep: it goes on without -FeatureCache.");
            return;
        }
        if (pipeline.Variants is not int variants)
        {
            hooks.Warning?.Invoke(
                $"Stage {stage.Name} augments images differently every epoch: it goes on without -FeatureCache. "
                + "Give -AugmentationVariants to use it.");
            return;
        }
        FeatureLayout layout = FeatureBatches.LayoutOf(pipeline, images => prefix.Run(images.to(engine.Device)));
        long bytes = FeatureBatches.BytesOf(pipeline, layout), most = options.FeatureCacheBytes ?? Allowed();
        string size =
            FormattableString.Invariant($"{bytes / Megabyte:0} MB ({layout.BytesPerImage / Megabyte:0.00} MB per variant of an image, ")
            + FormattableString.Invariant($"{Counted.Of(pipeline.Dataset.Images.Count, "image")}, {Counted.Of(variants, "variant")})");
        if (bytes > most)
        {
            hooks.Warning?.Invoke(FormattableString.Invariant($"The features would take {size}, and {most / Megabyte:0} MB are allowed: ")
                + $"stage {stage.Name} goes on without -FeatureCache. "
                + (Mode == FeatureCacheMode.Memory ? "-FeatureCache Disk may have room; " : "")
                + "a smaller -ImageSize or fewer -AugmentationVariants take less.");
            return;
        }
        bool onDisk = Mode == FeatureCacheMode.Disk;
        hooks.Message?.Invoke(
            $"The outputs of the {prefix.Count} frozen first layers are kept {(onDisk ? "on the disk" : "in memory")}: {size}.");
        RunFolder.Guard(folder.Path, () => features = FeatureBatches.Open(
            pipeline, data.Workers, images => prefix.Run(images.to(engine.Device)), layout, onDisk ? folder.Features : null));
    }

    private long Allowed() => Mode == FeatureCacheMode.Memory
        ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4
        : DiskSpace.Free(folder.Path) / 2;
}
