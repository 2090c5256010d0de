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
        LearningRateSearch found =
            LearningRateFinder.Run(model, Options(tiny, kind), new() { First = 1e-5, Last = 0.1, Steps = 12 }, tiny.Hooks);
        Assert.Equal(random, RandomState());
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(before[entry.Key], entry.Value));
        Assert.False(model.Network.training);
        Assert.Null(model.Run);
        Assert.All(model.Items.Where(item => !item.IsBuffer), item =>
            Assert.True(item.Tensor.requires_grad == !item.Frozen && item.Tensor.grad is null));
        Assert.Equal(12, found.Points.Count);
        Assert.Equal(1e-5, found.Points[0].LearningRate, 12);
        Assert.Equal(0.1, found.Points[^1].LearningRate, 12);
        Assert.All(found.Points.Zip(found.Points.Skip(1)), pair =>
            Assert.Equal(Math.Pow(1e4, 1 / 11.0), pair.Second.LearningRate / pair.First.LearningRate, 9));
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
        LearningRateSearch found =
            LearningRateFinder.Run(model, Options(tiny, OptimizerKind.SGD), new() { First = 1e-4, Last = 1e12, Steps = 40 }, tiny.Hooks);
        Assert.True(found.Diverged);
        Assert.InRange(found.Points.Count, 1, 39);
    }

    [Theory]
    [InlineData(100, 0.0)]
    [InlineData(100, 0.06)]
    [InlineData(60, 0.06)]
    [InlineData(200, 0.1)]
    public void Suggestions_lie_at_the_steepest_fall_and_below_the_minimum(int steps, double noise)
    {
        // A level of 9 that falls to 4.5 around 1e-3, within a decade, is least near 1e-2 and explodes above 1e-1.
        (double Rate, double Loss)[] curve = Curve(steps, noise,
            rate => (9 - (4.5 / (1 + Math.Pow(rate / 1e-3, -2)))) * (1 + Math.Pow(rate / 0.15, 2)));
        LearningRateSearch found = LearningRateSearch.Of(curve, diverged: true, "SGD");
        Assert.Null(found.Reason);
        Assert.InRange(found.Suggestion!.Value, 4e-4, 2.5e-3);
        Assert.Equal(found.Steepest, found.Suggestion);
        Assert.InRange(found.Minimum!.Value, 3e-3, 5e-2);
        Assert.Equal(found.Minimum / 10, found.MinimumTenth);
    }

    [Fact]
    public void A_ruined_network_that_loses_nothing_is_no_fall()
    {
        // Small objects vanish from batches: what is left of the network after the explosion has a loss of nearly zero on them.
        (double Rate, double Loss)[] curve =
            [.. Curve(100, 0.05, rate => (11 - (2.5 / (1 + Math.Pow(rate / 2e-3, -2)))) * (1 + Math.Pow(rate / 0.05, 2)))
            .Select((step, i) => i > 84 && i % 3 != 0 ? (step.Rate, 0.001) : step)];
        Assert.InRange(LearningRateSearch.Of(curve, diverged: false, "SGD").Suggestion!.Value, 4e-4, 6e-3);
    }

    [Fact]
    public void Smoothing_has_no_lag()
    {
        (double Rate, double Loss)[] curve = Curve(100, 0, rate => 5 * Math.Pow(rate, -0.05));
        Assert.All(LearningRateSearch.Of(curve, diverged: false, "SGD").Points, point => Assert.Equal(point.Loss, point.Smoothed, 0.05));
    }

    [Theory]
    [InlineData("rises", "rises from the first rate")]
    [InlineData("noise", "no more than batches differ")]
    [InlineData("noise, then explosion", "no more than batches differ")]
    [InlineData("a first step that is worse", "no more than batches differ")]
    [InlineData("falls at the start", "first rates")]
    [InlineData("falls at the end", "last rates")]
    public void A_loss_that_never_falls_suggests_nothing(string shape, string reason)
    {
        (double Rate, double Loss)[] curve = shape switch
        {
            "rises" => Curve(100, 0.02, rate => 5 * Math.Pow(rate / 1e-6, 0.1)),
            "noise" => Curve(100, 0.08, _ => 5),
            "noise, then explosion" => Curve(100, 0.08, rate => 5 * (1 + Math.Pow(rate / 0.01, 2))),
            "a first step that is worse" => [.. Curve(100, 0.04, _ => 5).Select((step, i) => i == 0 ? (step.Rate, 8) : step)],
            "falls at the start" => Curve(100, 0.02, rate => 5 + (5 / (1 + (rate / 1e-6)))),
            _ => Curve(100, 0.02, rate => 9 - (4.5 / (1 + Math.Pow(rate / 1, -2)))),
        };
        LearningRateSearch found = LearningRateSearch.Of(curve, diverged: false, "SGD");
        Assert.Null(found.Suggestion);
        Assert.Null(found.MinimumTenth);
        Assert.Contains(reason, found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_without_a_suggestion_warns_with_the_reason()
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        LearningRateSweep sweep = new() { First = 1e-9, Last = 1e-8, Steps = 10 };
        LearningRateSearch found = LearningRateFinder.Run(model, Options(tiny, OptimizerKind.SGD), sweep, tiny.Hooks);
        Assert.Null(found.Suggestion);
        Assert.Contains(tiny.Warnings, warning => warning == "No learning rate is suggested. " + found.Reason);
    }

    [Fact]
    public void The_curve_is_drawn()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("yolotune curve ").FullName, "new", "curve [1].png");
        (double Rate, double Loss)[] curve = Curve(20, 0, rate => 5 - (4 / (1 + Math.Pow(rate / 1e-3, -1))));
        LearningRateSearch found = LearningRateSearch.Of(curve, diverged: false, "SGD").Save(path);
        Assert.Equal(path, found.Plot);
        Assert.True(new FileInfo(path).Length > 1000);
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(path))!, recursive: true);
    }

    /// <summary>A sweep from 1e-6 to 1 with the losses of a function and noise of a relative standard deviation.</summary>
    private static (double Rate, double Loss)[] Curve(int steps, double noise, Func<double, double> loss)
    {
        Random random = new(1);
        LearningRateSweep sweep = new() { Steps = steps };
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, steps).Select(i => (sweep.RateOf(i), loss(sweep.RateOf(i)) * Math.Exp(noise * Normal())))];
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
        Assert.NotNull(
            Assert.Throws<TrainingException>(() => LearningRateFinder.Run(model, Options(tiny, OptimizerKind.SGD), sweep)).Remedy);
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
        Assert.All(model.BatchNorms.Where(entry => entry.Path.Split('.')[1] is "0" or "1" or "2"), entry =>
            Assert.True(entry.Norm.KeepStatistics));
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
