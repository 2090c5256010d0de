using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Runs;
using YoloTune.Runs.Finder;
using YoloTune.Tests.Evaluation;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training.Run;

// It looks at libtorch's own random state, which other tests draw from.
[Collection(NetworkRuns.Name)]
public sealed class LearningRateFinderTests
{
    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.MuSGD)]
    public void A_sweep_leaves_the_model_and_all_random_state_as_they_were(OptimizerKind kind)
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        FreezeSelection.First(2).Resolve(model).Apply();
        model.Network.eval();
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        byte[] random = RandomState();
        LearningRateSearch found = LearningRateFinder.Run(model, Options(tiny, kind), new() { First = 1e-5, Last = 0.1, Steps = 12 }, tiny.Hooks);
        Assert.Equal(random, RandomState());
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(before[entry.Key], entry.Value));
        Assert.False(model.Network.training);
        Assert.Null(model.Run);
        Assert.All(model.Items.Where(item => !item.IsBuffer), item => Assert.True(item.Tensor.requires_grad == !item.Frozen && item.Tensor.grad is null));
        Assert.Equal(12, found.Points.Count);
        Assert.Equal(1e-5, found.Points[0].LearningRate, 12);
        Assert.Equal(0.1, found.Points[^1].LearningRate, 12);
        Assert.All(found.Points.Zip(found.Points.Skip(1)), pair => Assert.Equal(Math.Pow(1e4, 1 / 11.0), pair.Second.LearningRate / pair.First.LearningRate, 9));
        Assert.Equal(kind.ToString(), found.Optimizer);
    }

    [Fact]
    public void The_same_seed_gives_the_same_curve_and_training_goes_on_as_if_there_had_been_none()
    {
        using TinyRun tiny = new();
        using YoloModel swept = TinyRun.Model(), plain = TinyRun.Model();
        LearningRateSweep sweep = new() { First = 1e-4, Last = 1, Steps = 10 };
        LearningRateSearch first = LearningRateFinder.Run(swept, Options(tiny, OptimizerKind.SGD), sweep);
        Assert.Equal(first.Points, LearningRateFinder.Run(swept, Options(tiny, OptimizerKind.SGD), sweep).Points);
        Train(tiny, swept, "swept");
        Train(tiny, plain, "plain");
        Dictionary<string, byte[]> expected = TinyRun.Values(plain);
        Assert.All(TinyRun.Values(swept), entry => Assert.Equal(expected[entry.Key], entry.Value));
    }

    [Fact]
    public void A_rate_far_too_large_ends_the_sweep()
    {
        using TinyRun tiny = new(images: 8);
        using YoloModel model = TinyRun.Model();
        LearningRateSearch found = LearningRateFinder.Run(model, Options(tiny, OptimizerKind.SGD), new() { First = 1e-4, Last = 1e12, Steps = 40 }, tiny.Hooks);
        Assert.True(found.Diverged);
        Assert.InRange(found.Points.Count, 1, 39);
    }

    [Fact]
    public void Suggestions_lie_at_the_steepest_fall_and_below_the_minimum()
    {
        // Falls slowly, then fast between 1e-3 and 1e-2, is least at 1e-1 and explodes.
        double[] losses = [10, 9.9, 9, 4, 3, 12];
        LearningRatePoint[] points = [.. losses.Select((loss, i) => new LearningRatePoint(Math.Pow(10, i - 5), loss, loss))];
        LearningRateSearch found = LearningRateSearch.Of(points, diverged: true, "SGD");
        Assert.Equal(1e-1, found.Minimum!.Value, 12);
        Assert.Equal(1e-2, found.MinimumTenth!.Value, 12);
        Assert.Equal(found.Steepest, found.Suggestion);
        // Differences over both neighbours: (4 - 9.9) / 2 at 1e-3 against (3 - 9) / 2 at 1e-2.
        Assert.Equal(1e-2, found.Steepest!.Value, 12);
    }

    [Fact]
    public void A_loss_that_never_falls_suggests_nothing()
    {
        LearningRateSearch found = LearningRateSearch.Of([new(1e-3, 1, 1), new(1e-2, 2, 2), new(1e-1, 3, 3)], diverged: false, "SGD");
        Assert.Null(found.Suggestion);
        Assert.Null(found.MinimumTenth);
    }

    [Fact]
    public void The_curve_is_drawn()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("yolotune curve ").FullName, "new", "curve [1].png");
        LearningRatePoint[] points = [.. Enumerable.Range(0, 20).Select(i => new LearningRatePoint(Math.Pow(10, -6 + (i / 4.0)), 5 - (i / 10.0), 5 - (i / 10.0)))];
        LearningRateSearch found = LearningRateSearch.Of(points, diverged: false, "SGD").Save(path);
        Assert.Equal(path, found.Plot);
        Assert.True(new FileInfo(path).Length > 1000);
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(path))!, recursive: true);
    }

    [Theory]
    [InlineData(0, 1, 20)]
    [InlineData(1e-3, 1e-3, 20)]
    [InlineData(1e-3, double.NaN, 20)]
    [InlineData(1e-3, 1, 9)]
    public void A_range_that_does_not_rise_is_refused(double first, double last, int steps)
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        LearningRateSweep sweep = new() { First = first, Last = last, Steps = steps };
        Assert.NotNull(Assert.Throws<TrainingException>(() => LearningRateFinder.Run(model, Options(tiny, OptimizerKind.SGD), sweep)).Remedy);
    }

    [Fact]
    public void A_frozen_prefix_keeps_nothing_for_the_backward_pass()
    {
        using YoloModel model = TinyRun.Model();
        FreezeSelection.First(3).Resolve(model).Apply();
        model.Network.train();
        using torch.Tensor images = torch.rand([2, 3, 64, 64]);
        Dictionary<int, bool> tracked = [];
        using DisposeScope scope = torch.NewDisposeScope();
        model.Network.Observe(images, (layer, maps) => { foreach (torch.Tensor map in maps) tracked[layer] = map.requires_grad; });
        Assert.Equal([false, false, false, true, true], Enumerable.Range(0, 5).Select(layer => tracked[layer]));
        Assert.All(model.BatchNorms.Where(entry => entry.Path.Split('.')[1] is "0" or "1" or "2"), entry => Assert.True(entry.Norm.KeepStatistics));
    }

    private static RunOptions Options(TinyRun tiny, OptimizerKind kind)
    {
        RunOptions options = tiny.Options();
        return options with { Training = options.Training with { Optimizer = kind } };
    }

    private static void Train(TinyRun tiny, YoloModel model, string folder)
    {
        using Trainer trainer = Trainer.Start(model, tiny.Options(epochs: 1, folder: folder), tiny.Hooks);
        trainer.Run();
    }

    private static byte[] RandomState()
    {
        using torch.Tensor state = torch.random.get_rng_state();
        return state.bytes.ToArray();
    }
}
