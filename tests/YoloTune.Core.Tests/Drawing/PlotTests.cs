using System.Globalization;
using SkiaSharp;
using Xunit;
using YoloTune.Drawing;

namespace YoloTune.Tests.Drawing;

public sealed class PlotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(80)]
    [InlineData(400)]
    public void Confusion_matrices_are_written_for_any_number_of_classes(int classes)
    {
        using var scratch = new Scratch();
        var random = new Random(3);
        double[,] counts = new double[classes + 1, classes + 1];
        for (int i = 0; i < classes * classes * 2 + 60; i++) counts[random.Next(classes + 1), random.Next(classes + 1)]++;
        for (int i = 0; i < classes; i++) counts[i, i] += 40 + random.Next(900);
        counts[classes, classes] = 0;
        foreach (bool normalised in new[] { false, true })
        {
            string path = scratch.Path($"confusion_{classes}_{normalised}.png");
            ConfusionMatrixPlot.Save(counts, Names(classes), path, normalised);
            AssertDrawn(path);
        }
    }

    [Fact]
    public void An_empty_confusion_matrix_is_written_too()
    {
        using var scratch = new Scratch();
        string path = scratch.Path("confusion_empty.png");
        ConfusionMatrixPlot.Save(new double[3, 3], Names(2), path, normalised: true);
        AssertDrawn(path);
    }

    [Fact]
    public void A_confusion_matrix_of_the_wrong_size_is_refused()
        => Assert.Throws<ArgumentException>(() => ConfusionMatrixPlot.Save(new double[3, 3], Names(3), "x.png", normalised: false));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(80)]
    public void Class_curves_are_written_for_any_number_of_classes(int classes)
    {
        using var scratch = new Scratch();
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i / 999.0)];
        double[][] curves = [.. Enumerable.Range(0, classes).Select(c => x.Select(v => Math.Max(0, 1 - Math.Pow(v, 2 + c % 7))).ToArray())];
        var record = new ClassCurves("Precision-recall curve", "Recall", "Precision", x, curves, [.. Enumerable.Range(0, classes)],
            Names(classes), "all classes 0.602 mAP@0.5", [.. Enumerable.Range(0, classes).Select(c => 0.5 + c / 200.0)]);
        string path = scratch.Path($"pr_{classes}.png");
        ClassCurvesPlot.Save(record, path);
        AssertDrawn(path);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(300)]
    public void Results_are_written_for_any_number_of_epochs(int epochs)
    {
        using var scratch = new Scratch();
        string[] names = ["train/box_loss", "train/cls_loss", "train/dfl_loss", "metrics/precision(B)", "metrics/recall(B)",
            "val/box_loss", "val/cls_loss", "val/dfl_loss", "metrics/mAP50(B)", "metrics/mAP50-95(B)"];
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(1, epochs).Select(e => (double)e)];
        string path = scratch.Path($"results_{epochs}.png");
        double Metric(double epoch) => 0.8 * (1 - Math.Exp(-epoch / 20)) + random.NextDouble() * 0.05;
        double Loss(double epoch) => 1.2 + 2 * Math.Exp(-epoch / 15) + random.NextDouble() * 0.1;
        ResultsPlot.Save([.. names.Select(n => new EpochSeries(n, x, [.. x.Select(e => n.StartsWith('m') ? Metric(e) : Loss(e))]))], path);
        AssertDrawn(path);
    }

    [Fact]
    public void Pictures_are_the_same_in_every_culture()
    {
        using var scratch = new Scratch();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in new[] { "", "de-DE" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                ResultsPlot.Save([new("loss", [1, 2, 3], [1500.5, 1400.25, 0.125])], scratch.Path($"culture{culture}.png"));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal(File.ReadAllBytes(scratch.Path("culture.png")), File.ReadAllBytes(scratch.Path("culturede-DE.png")));
    }

    [Fact]
    public void Results_with_gaps_and_constant_series_are_written()
    {
        using var scratch = new Scratch();
        string path = scratch.Path("results_gaps.png");
        double none = double.NaN;
        ResultsPlot.Save([new("zero", [1, 2, 3], [0, 0, 0]), new("gap", [1, 2, 3], [1, none, 2]), new("none", [1], [none])], path);
        AssertDrawn(path);
    }

    [Fact]
    public void Smoothing_keeps_a_constant_and_lies_between_the_extremes()
    {
        Assert.All(ResultsPlot.Smooth([4, 4, 4, 4, 4], 3), v => Assert.Equal(4, v, 12));
        double[] step = ResultsPlot.Smooth([0, 0, 0, 0, 10, 10, 10, 10], 3);
        Assert.All(step.Zip(step.Skip(1)), p => Assert.True(p.First < p.Second));
        Assert.Equal(10, step[3] + step[4], 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(80)]
    [InlineData(400)]
    public void Label_statistics_are_written_for_any_number_of_classes(int classes)
    {
        using var scratch = new Scratch();
        var random = new Random(7);
        int boxes = classes * 400;
        double[] Draw(double low, double high)
            => [.. Enumerable.Range(0, boxes).Select(_ => low + (high - low) * random.NextDouble() * random.NextDouble())];
        int[] ids = [.. Enumerable.Range(0, boxes).Select(_ => (int)(classes * random.NextDouble() * random.NextDouble()))];
        string path = scratch.Path($"labels_{classes}.jpg");
        LabelPlot.Save(new(ids, Draw(0.1, 1), Draw(0.1, 1), Draw(0.02, 0.9), Draw(0.02, 0.9), Names(classes)), path);
        AssertDrawn(path);
    }

    [Fact]
    public void A_learning_rate_sweep_that_explodes_is_written()
    {
        using var scratch = new Scratch();
        double[] rates = [.. Enumerable.Range(0, 100).Select(i => 1e-6 * Math.Pow(10, i * 6.0 / 99))];
        var random = new Random(9);
        double[] smooth = [.. rates.Select(r => 4 - 1.5 / (1 + Math.Pow(3e-3 / r, 1.5)) + Math.Pow(r / 0.15, 4))];
        double[] losses = [.. smooth.Select(s => s + 0.3 * (random.NextDouble() - 0.5)).Select((v, i) => i == 50 ? double.NaN : v)];
        string path = scratch.Path("lr.png");
        LearningRatePlot.Save(new(rates, losses, smooth, [new("steepest", 2.3e-3), new("minimum/10", 6e-3)]), path);
        AssertDrawn(path);
    }

    private static string[] Names(int classes) => classes == 3
        ? ["RBC", "白血球", "Platelets with a rather long name [µm]"]
        : [.. Enumerable.Range(0, classes).Select(c => c % 9 == 4 ? $"traffic light number {c}" : $"class {c}")];

    private static void AssertDrawn(string path)
    {
        using SKBitmap? picture = SKBitmap.Decode(path);
        Assert.NotNull(picture);
        Assert.True(Ink.Count(picture, SKColors.White) > 500, "The picture is empty.");
        // No temporary file is left beside it.
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + ".*"));
    }
}
