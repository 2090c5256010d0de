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

    [Theory]
    [InlineData("mAP50 0.900, mAP50-95 0.500", "metrics/mAP50(B)", 0.9, "metrics/mAP50-95(B)", 0.5)]
    [InlineData("mAP50-95 0.500, masks 0.250", "metrics/mAP50-95(B)", 0.5, "metrics/mAP50-95(M)", 0.25)]
    [InlineData("mAP50-95 0.500, poses 0.250", "metrics/mAP50-95(B)", 0.5, "metrics/mAP50-95(P)", 0.25)]
    [InlineData("top-1 0.900, top-5 1.000", "metrics/accuracy_top1", 0.9, "metrics/accuracy_top5", 1.0)]
    public void Figures_are_those_of_the_task(string figures, string first, double one, string second, double two)
    {
        YoloEpoch epoch = new() { Epoch = 1, Measures = new Dictionary<string, double> { [first] = one, [second] = two } };
        TrainingRun run = new() { Directory = "a", Epochs = [epoch] };
        Assert.Equal(figures, epoch.Figures);
        RunComparison compared = Assert.Single(RunComparison.Compare([run]));
        Assert.Equal(figures, compared.Figures);
        Assert.Equal(first.EndsWith("top1", StringComparison.Ordinal) ? one : null, compared.Top1);
    }

    [Fact]
    public void A_run_without_an_epoch_and_one_without_measures_are_told_too()
    {
        TrainingRun empty = new() { Directory = "/runs/empty" };
        TrainingRun blind = new() { Directory = "/runs/blind", Epochs = [Epoch(1, 0, 1)] };
        IReadOnlyList<RunComparison> runs = RunComparison.Compare([empty, blind]);
        Assert.Equal([null, 1], runs.Select(run => run.BestEpoch));
        Assert.All(runs, run => Assert.Null(run.MAP));
        Assert.DoesNotContain(runs, run => run.IsBest);
        Assert.Equal("", RunSummary.Of(empty).FitnessCurve);
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
            Epoch(1, 10, 3, map - 0.2, map),
            Epoch(2, 20, 2, map, map + 0.2),
            Epoch(3, 30, 1, map - 0.1, map + 0.3),
        ],
    };

    private static YoloEpoch Epoch(int number, double seconds, double box, double? map = null, double? map50 = null) => new()
    {
        Epoch = number,
        Seconds = seconds,
        Losses = new Dictionary<string, double> { ["box"] = box },
        Measures = ((string Name, double? Value)[])[("metrics/mAP50(B)", map50), ("metrics/mAP50-95(B)", map)] is var all
            ? all.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Name, entry => entry.Value!.Value)
            : [],
    };
}
