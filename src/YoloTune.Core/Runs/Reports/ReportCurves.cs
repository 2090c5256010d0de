using System.Xml.Linq;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;
using static YoloTune.Runs.Reports.Html;

namespace YoloTune.Runs.Reports;

/// <summary>The curves of a run over its epochs, and those of a measurement.</summary>
internal static class ReportCurves
{
    private const int EveryNth = 10, MostClasses = 8;

    /// <summary>Losses, measures and learning rates, with the stages' boundaries and the best epoch.</summary>
    public static XElement OfRun(TrainingRun run)
    {
        double[] x = [.. run.Epochs.Select(epoch => (double)epoch.Epoch)];
        List<ChartMark> marks = [];
        for (int i = 0; i < run.Epochs.Count; i++)
        {
            string? stage = run.Epochs[i].Stage;
            if (stage is not null && run.Stage.Count > 1 && (i == 0 || run.Epochs[i - 1].Stage != stage)) marks.Add(new(x[i], stage));
        }
        if (run.Best is { Fitness: not null } best) marks.Add(new(best.Epoch, $"best {best.Epoch}", IsBest: true));
        List<XElement> charts = [];
        string[] measures = [.. run.Epochs.SelectMany(epoch => epoch.Measures.Keys).Distinct()];
        foreach (IGrouping<string, string> kind in measures.GroupBy(Kind))
        {
            charts.Add(SvgChart.Draw(
                kind.Key.Length == 0 ? "Measures on the validation images" : $"Measures of {kind.Key} on the validation images", "epoch",
                [.. kind.Select(name => new ChartLine(Short(name), x, Values(run, epoch => Find(epoch.Measures, name))))], marks, (0, 1)));
        }
        foreach (string loss in run.Epochs.SelectMany(epoch => epoch.Losses.Keys).Distinct())
        {
            charts.Add(SvgChart.Draw($"Loss: {loss}", "epoch",
            [
                new("training", x, Values(run, epoch => Find(epoch.Losses, loss))),
                new("validation", x, Values(run, epoch => Find(epoch.ValidationLosses, loss)), IsDashed: true),
            ], marks));
        }
        int groups = run.Epochs.Select(epoch => epoch.LearningRates.Count).DefaultIfEmpty(0).Max();
        charts.Add(SvgChart.Draw("Learning rate", "epoch",
        [
            .. Enumerable.Range(0, Math.Min(groups, 4)).Select(group => new ChartLine(
                $"group {group}", x, Values(run, epoch => group < epoch.LearningRates.Count ? epoch.LearningRates[group] : double.NaN))),
        ], marks));
        return Section("curves", "Curves", Tag("div", Class("charts"), charts));
    }

    /// <summary>Precision over recall and F1 over confidence, of boxes, masks or keypoints.</summary>
    public static XElement? OfMetrics(YoloMetrics metrics)
    {
        List<XElement> charts = [];
        foreach ((string name, MetricSet set) in metrics.Sets())
        {
            string of = metrics.Sets().Count() > 1 ? $" ({name.ToLowerInvariant()})" : "";
            charts.Add(SvgChart.Draw("Precision over recall at IoU 0.5" + of, "recall",
                Lines(set.Curves, metrics, c => c.PrecisionRecallCurve, set.Curves.PrecisionRecall), null, (0, 1)));
            charts.Add(SvgChart.Draw("F1 over confidence" + of, "confidence", Lines(set.Curves, metrics, c => c.F1Curve, set.Curves.F1),
                [new(set.Curves.BestConfidence, FormattableString.Invariant($"best {set.Curves.BestConfidence:0.00}"), IsBest: true)],
                    (0, 1)));
        }
        return charts.Count == 0 ? null : Section("detection-curves", "Precision and recall", Tag("div", Class("charts"), charts));
    }

    private static ChartLine[] Lines(MetricCurves curves, YoloMetrics metrics, Func<ClassPrecision, double[]> curve, double[] mean)
    {
        double[] x = Thinned(MetricCurves.Axis);
        ChartLine all = new("all classes", x, Thinned(mean), Colour: 0);
        if (curves.Classes.Count is < 2 or > MostClasses - 1) return [all];
        return [.. curves.Classes.Select((c, i) => new ChartLine(
            metrics.ConfusionMatrix.ClassNames[c.ClassId], x, Thinned(curve(c)), IsDashed: true, Colour: i + 1)), all];
    }

    private static double[] Thinned(IReadOnlyList<double> values) =>
        [.. values.Where((_, i) => i % EveryNth == 0 || i == values.Count - 1)];

    private static double[] Values(TrainingRun run, Func<YoloEpoch, double> value) => [.. run.Epochs.Select(value)];

    private static double Find(IReadOnlyDictionary<string, double> values, string name) => values.TryGetValue(name, out double value)
        ? value : double.NaN;

    private static string Kind(string name) => name switch
    {
        _ when name.EndsWith("(M)", StringComparison.Ordinal) => "masks",
        _ when name.EndsWith("(P)", StringComparison.Ordinal) => "keypoints",
        _ when name.EndsWith("(B)", StringComparison.Ordinal) => "boxes",
        _ => "",
    };

    private static string Short(string name)
    {
        string text = name.Replace("metrics/", "", StringComparison.Ordinal).Replace("accuracy_top", "top-", StringComparison.Ordinal);
        int letter = text.IndexOf('(', StringComparison.Ordinal);
        return letter < 0 ? text : text[..letter];
    }
}
