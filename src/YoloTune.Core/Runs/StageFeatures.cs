using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Features;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;

namespace YoloTune.Runs;

public sealed partial class Trainer
{
    private const double Megabyte = 1024 * 1024;
    private FeatureBatches? features;
    private PlannedStage? featureStage;

    /// <summary>The batches of an epoch: with features where the stage's frozen layers are cached, else with images.</summary>
    private IEnumerable<ImageBatch> Batches(int epoch, CancellationToken cancellation)
    {
        bool closes = stage.ClosesMosaic(epoch);
        OpenFeatures();
        return features is null
            ? data.BatchesOf(stage.Training.Augmentation).Epoch(epoch, closes, cancellation)
            : features.Epoch(epoch, closes, cancellation);
    }

    /// <summary>Drops the features: they are of a stage, and of its frozen weights.</summary>
    private void DropFeatures()
    {
        features?.Dispose();
        features = null;
        featureStage = null;
    }

    private void OpenFeatures()
    {
        if (training.FeatureCache == FeatureCacheMode.None || featureStage == stage) return;
        DropFeatures();
        featureStage = stage;
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
                $"Stage {stage.Name} augments images anew every epoch: it goes on without -FeatureCache. Give -AugmentationVariants to have it.");
            return;
        }
        FeatureLayout layout = FeatureBatches.LayoutOf(pipeline, images => prefix.Run(images.to(engine.Device)));
        long bytes = FeatureBatches.BytesOf(pipeline, layout), most = options.FeatureCacheBytes ?? FeatureBytes();
        string size = FormattableString.Invariant(
            $"{bytes / Megabyte:0} MB ({layout.BytesPerImage / Megabyte:0.00} MB for each variant of an image, {pipeline.Dataset.Images.Count} images, {variants} variants)");
        if (bytes > most)
        {
            hooks.Warning?.Invoke(FormattableString.Invariant(
                $"The features would take {size}, and {most / Megabyte:0} MB are allowed: stage {stage.Name} goes on without -FeatureCache. ")
                + (training.FeatureCache == FeatureCacheMode.Memory ? "-FeatureCache Disk may have room; " : "")
                + "a smaller -ImageSize or fewer -AugmentationVariants take less.");
            return;
        }
        string place = training.FeatureCache == FeatureCacheMode.Disk ? "on the disk" : "in memory";
        hooks.Message?.Invoke($"The outputs of the {prefix.Count} frozen first layers are kept {place}: {size}.");
        RunFolder.Guard(folder.Path, () => features = FeatureBatches.Open(
            pipeline, data.Workers, images => prefix.Run(images.to(engine.Device)), layout,
            training.FeatureCache == FeatureCacheMode.Disk ? folder.Features : null));
    }

    private long FeatureBytes() => training.FeatureCache == FeatureCacheMode.Memory
        ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4
        : DiskSpace.Free(folder.Path) / 2;
}
