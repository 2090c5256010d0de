using Xunit;
using YoloTune.Runs.Records;

namespace YoloTune.Tests.Training.Run;

public sealed class RunComparisonTests
{
    [Fact]
    public void Only_options_that_differ_are_told_and_places_are_not()
    {
        IReadOnlyList<RunComparison> runs = RunComparison.Compare(
        [
            Run("a", 0.5, ("lr0", 0.01), ("batch", 16L), ("save_dir", "x"), ("cos_lr", true), ("freeze", 10L)),
            Run("b", 0.6, ("lr0", 0.02), ("batch", 16.0), ("save_dir", "y"), ("cos_lr", true)),
        ]);
        Assert.Equal(["lr0", "freeze"], runs[0].Differences.Keys);
        Assert.Equal([0.01, 10L], runs[0].Differences.Values);
        Assert.Equal([0.02, null], runs[1].Differences.Values);
        Assert.Equal([false, true], runs.Select(run => run.IsBest));
    }

    [Fact]
    public void Figures_are_those_of_the_best_epoch_and_the_time_that_of_the_whole_run()
    {
        RunComparison run = Assert.Single(RunComparison.Compare([Run("a", 0.5)]));
        Assert.Equal((3, 2, 0.5, 0.7, 2.0, 30.0),
            (run.Epochs, run.BestEpoch!.Value, run.MAP!.Value, run.MAP50!.Value, run.BoxLoss!.Value, run.Seconds));
        Assert.Empty(run.Differences);
        Assert.Equal("a", run.Name);
    }

    [Fact]
    public void A_run_without_an_epoch_and_one_without_measures_are_told_too()
    {
        TrainingRun empty = new() { Directory = "/runs/empty" };
        TrainingRun blind = new() { Directory = "/runs/blind", Epochs = [new() { Epoch = 1, BoxLoss = 1 }] };
        IReadOnlyList<RunComparison> runs = RunComparison.Compare([empty, blind]);
        Assert.Equal([null, 1], runs.Select(run => run.BestEpoch));
        Assert.All(runs, run => Assert.Null(run.MAP));
        Assert.DoesNotContain(runs, run => run.IsBest);
        Assert.Equal("", RunSummary.Of(empty).MAPCurve);
    }

    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 20, "▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 5, 5, 5 }, 20, "▁▁▁")]
    [InlineData(new double[] { 0, 0, 7, 7 }, 2, "▁█")]
    [InlineData(new double[] { 0, double.NaN, 7 }, 20, "▁ █")]
    [InlineData(new double[] { double.NaN }, 20, "")]
    [InlineData(new double[0], 20, "")]
    public void A_curve_is_drawn_from_its_lowest_to_its_highest_value(double[] values, int width, string line) =>
        Assert.Equal(line, Sparkline.Of([.. values.Select(value => (double?)value)], width));

    private static TrainingRun Run(string name, double map, params (string Name, object Value)[] options) => new()
    {
        Directory = Path.Combine(Path.GetTempPath(), "runs", name),
        Options = options.ToDictionary(option => option.Name, object? (option) => option.Value),
        Epochs =
        [
            new() { Epoch = 1, Seconds = 10, BoxLoss = 3, MAP = map - 0.2, MAP50 = map },
            new() { Epoch = 2, Seconds = 20, BoxLoss = 2, MAP = map, MAP50 = map + 0.2 },
            new() { Epoch = 3, Seconds = 30, BoxLoss = 1, MAP = map - 0.1, MAP50 = map + 0.3 },
        ],
    };
}
