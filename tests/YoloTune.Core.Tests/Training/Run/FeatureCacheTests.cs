using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Features;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Training;

namespace YoloTune.Tests.Training.Run;

public sealed class FeatureCacheTests
{
    [Theory]
    [InlineData(FeatureCacheMode.Memory, 2, Precision.Float32)]
    [InlineData(FeatureCacheMode.Disk, 2, Precision.Float32)]
    [InlineData(FeatureCacheMode.Memory, null, Precision.Float32)]
    [InlineData(FeatureCacheMode.Memory, 1, Precision.BFloat16)]
    public void Losses_are_those_without_the_cache(FeatureCacheMode mode, int? variants, Precision precision)
    {
        using TinyRun tiny = new();
        // With other batches the convolutions may add up in another order: rounding of the number format, which grows in three epochs.
        double tolerance = precision == Precision.Float32 ? 1e-4 : 2e-2;
        TrainingRun plain = Train(tiny, Options(tiny, FeatureCacheMode.None, variants, precision, "plain"));
        TrainingRun cached = Train(tiny, Options(tiny, mode, variants, precision, "cached"));
        Assert.Equal(3, cached.Epochs.Count);
        foreach ((YoloEpoch expected, YoloEpoch actual) in plain.Epochs.Zip(cached.Epochs))
        {
            Assert.InRange(actual.BoxLoss / expected.BoxLoss, 1 - tolerance, 1 + tolerance);
            Assert.InRange(actual.ClassLoss / expected.ClassLoss, 1 - tolerance, 1 + tolerance);
            Assert.InRange(actual.DflLoss / expected.DflLoss, 1 - tolerance, 1 + tolerance);
        }
        Assert.False(File.Exists(Path.Combine(cached.Directory, "features.tmp")));
    }

    [Fact]
    public void A_run_with_a_cache_is_resumed_as_if_it_had_not_stopped()
    {
        using TinyRun tiny = new();
        using YoloModel whole = Frozen(), stopped = Frozen();
        using (Trainer trainer = Trainer.Start(whole, Options(tiny, FeatureCacheMode.Memory, 2, Precision.Float32, "whole"))) trainer.Run();
        using (Trainer trainer = Trainer.Start(stopped, Options(tiny, FeatureCacheMode.Memory, 2, Precision.Float32, "stopped")))
            trainer.NextEpoch();
        using Trainer resumed = Trainer.Resume(tiny.Folder("stopped"));
        Assert.True(resumed.Run().Completed);
        Dictionary<string, byte[]> values = TinyRun.Values(whole);
        Assert.All(TinyRun.Values(resumed.Model), entry => Assert.Equal(values[entry.Key], entry.Value));
    }

    [Fact]
    public void Its_size_is_told_before_and_what_does_not_fit_is_not_kept()
    {
        using TinyRun tiny = new();
        List<string> messages = [];
        RunOptions options = Options(tiny, FeatureCacheMode.Memory, 1, Precision.Float32, "small") with { FeatureCacheBytes = 1000 };
        TrainingRun run = Train(tiny, options, messages);
        Assert.True(run.Completed);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("-FeatureCache Disk", StringComparison.Ordinal));
        Assert.DoesNotContain(messages, message => message.Contains("frozen first layers", StringComparison.Ordinal));
        Train(tiny, Options(tiny, FeatureCacheMode.Memory, 1, Precision.Float32, "enough"), messages);
        Assert.Contains(messages, message => message.Contains("3 frozen first layers are kept in memory", StringComparison.Ordinal));
    }

    [Fact]
    public void It_needs_a_fixed_number_of_variants_and_a_frozen_first_layer()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions endless =
            tiny.Options(epochs: 1) with { Training = tiny.Options(epochs: 1).Training with { FeatureCache = FeatureCacheMode.Memory } };
        TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Start(model, endless, tiny.Hooks));
        Assert.Contains("-AugmentationVariants", error.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Folder("train")));
        using Trainer trainer =
            Trainer.Start(model, endless with { Training = endless.Training with { AugmentationVariants = 1 } }, tiny.Hooks);
        trainer.Run();
        Assert.Contains(tiny.Warnings, warning => warning.Contains("first layer learns", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Precision.Float32, 1e-5)]
    [InlineData(Precision.BFloat16, 2e-2)]
    public void The_frozen_first_layers_give_what_the_network_gives(Precision precision, double tolerance)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = Frozen();
        model.Network.ToChannelsLast();
        model.Network.train();
        torch.ScalarType type = PrecisionResolver.TypeOf(precision);
        using FrozenPrefix prefix = FrozenPrefix.Of(model.Network, type)!;
        Assert.Equal(3, prefix.Count);
        torch.Tensor images = torch.randint(0, 256, [2, 3, 64, 64], dtype: torch.uint8, generator: new torch.Generator(3));
        torch.Tensor expected = model.Network.call(TrainingStep.Input(images, type, true)).OneToMany!.Scores;
        torch.Tensor actual = prefix.Complete(prefix.Run(images)).OneToMany!.Scores;
        Assert.InRange(((expected - actual).norm() / expected.norm()).ToDouble(), 0, tolerance);
    }

    private static RunOptions Options(TinyRun tiny, FeatureCacheMode mode, int? variants, Precision precision, string folder)
    {
        RunOptions options = tiny.Options(epochs: 3, precision, folder);
        return options with
        {
            Training = options.Training with
            {
                FeatureCache = mode,
                AugmentationVariants = variants,
                Augmentation = variants is null ? AugmentationOptions.None : new(),
            },
        };
    }

    private static YoloModel Frozen()
    {
        YoloModel model = TinyRun.Model();
        FreezeSelection.First(3).Resolve(model).Apply();
        return model;
    }

    private static TrainingRun Train(TinyRun tiny, RunOptions options, List<string>? messages = null)
    {
        using YoloModel model = Frozen();
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks with { Message = text => messages?.Add(text) });
        return trainer.Run();
    }
}
