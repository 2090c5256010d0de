using System.Globalization;
using System.Xml.Linq;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;
using static YoloTune.Runs.Reports.Html;

namespace YoloTune.Runs.Reports;

/// <summary>The parts of a report that are tables.</summary>
internal static class ReportTables
{
    private const int MostInMatrix = 25, MostConfusions = 25;

    /// <summary>The stages of a run.</summary>
    public static XElement? Stages(TrainingRun run)
    {
        if (run.Stage.Count < 2) return null;
        return Section("stages", "Stages", Table(["Stage", "Epochs", ">Best", "What it does"], run.Stage.Select((name, i) =>
        {
            YoloEpoch[] epochs = [.. run.Epochs.Where(epoch => epoch.Stage == name)];
            YoloEpoch? best = epochs.Where(epoch => epoch.Fitness is not null).MaxBy(epoch => epoch.Fitness);
            string what = run.Options.GetValueOrDefault(FormattableString.Invariant($"stage_{i + 1}"))?.ToString() ?? "";
            return (object?[])[name, epochs.Length == 0 ? "-" : $"{epochs[0].Epoch} to {epochs[^1].Epoch}", Number(best?.Fitness),
                Tag("span", Class("wide"), what)];
        })));
    }

    /// <summary>Every class with its figures.</summary>
    public static XElement? Classes(YoloMetrics metrics)
    {
        if (metrics.PerClassAccuracy.Count > 0)
        {
            return Section("classes", "Per class", Table(["Class", ">Images", ">Top-1", ">Top-5", ">Precision"],
                metrics.PerClassAccuracy.Select(row =>
                (object?[])[row.ClassName, Count(row.Images), Number(row.Top1), Number(row.Top5), Number(row.Precision)])));
        }
        List<XElement> tables = [];
        foreach ((string name, MetricSet set) in metrics.Sets())
        {
            if (metrics.Sets().Count() > 1) tables.Add(Tag("h3", name));
            IEnumerable<object?[]> all = [["all", Count(metrics.ImageCount), Count(metrics.Instances), Number(set.Precision),
                Number(set.Recall), Number(set.MAP50), Number(set.MAP)]];
            tables.Add(Table(["Class", ">Images", ">Labels", ">P", ">R", ">AP50", ">AP50-95"],
                all.Concat(set.PerClass.Select(row => (object?[])
                [row.ClassName, Count(row.Images), Count(row.Instances), Number(row.Precision), Number(row.Recall), Number(row.AP50),
                    Number(row.AP)]))));
        }
        return tables.Count == 0 ? null : Section("classes", "Per class", tables);
    }

    /// <summary>The confusion matrix, or of many classes the most frequent confusions.</summary>
    public static XElement Confusion(ConfusionMatrix matrix)
    {
        string[] names = matrix.Labels;
        XElement note = Tag("p", Class("soft"), matrix.HasBackground
            ? FormattableString.Invariant($"Predictions above confidence {matrix.Confidence:0.00}. A column is what is true, ")
                + "a row what was predicted; the last row holds missed objects, the last column false ones."
            : "A column is what is true, a row what was predicted.");
        if (names.Length <= MostInMatrix) return Section("confusion", "Confusion matrix", note, Grid(matrix, names));
        ConfusionCell[] wrong = [.. matrix.Cells.Where(cell => cell.Predicted != cell.Actual && cell.Count > 0)
            .OrderByDescending(cell => cell.Count).Take(MostConfusions)];
        return Section("confusion", "The most frequent confusions", Table(["True", "Predicted", ">Count"],
            wrong.Select(cell => (object?[])[cell.Actual, cell.Predicted, Count(cell.Count)])));
    }

    /// <summary>Images and labels of the splits, and of each class.</summary>
    public static XElement? Dataset(ReportContent content)
    {
        if (content.Splits.Count == 0) return null;
        XElement splits = Table(["Split", ">Images", ">Labels", ">Backgrounds", ">Left out"], content.Splits.Select(split => (object?[])
            [split.Split, Count(split.Images.Count), Count(split.InstanceCount), Count(split.BackgroundCount),
                Count(split.ImagesDropped)]));
        var counts = content.Splits.Select(split => split.CountClasses().Instances).ToArray();
        XElement classes = Table(["Class", .. content.Splits.Select(split => ">" + split.Split)],
            content.Splits[0].Names.Select((name, id) =>
            (object?[])[name, .. counts.Select(of => (object?)Count(of[id]))]));
        return Section("dataset", "Dataset", content.Data.Length > 0 ? Tag("p", Class("soft"), content.Data) : null, splits,
            Tag("h3", "Labels of each class"), classes);
    }

    /// <summary>Milliseconds per image.</summary>
    public static XElement? Speed(YoloMetrics metrics) => metrics.Speed is not { } speed ? null : Section("speed", "Speed", Table(
        [">Preprocessing", ">Inference", ">Postprocessing", ">Images/s"],
        [
            [Milliseconds(speed.Preprocess), Milliseconds(speed.Inference), Milliseconds(speed.Postprocess),
                Number(1000 / ((speed.Preprocess ?? 0) + (speed.Inference ?? 0) + (speed.Postprocess ?? 0)), "0.0")],
        ]), Tag("p", Class("soft"), $"Per image, measured with {metrics.Settings}."));

    /// <summary>Names and values.</summary>
    public static XElement Pairs(string id, string title, IEnumerable<KeyValuePair<string, string>> pairs) =>
        Section(id, title, Table(["Name", "Value"], pairs.Select(pair => (object?[])[pair.Key, Tag("span", Class("wide"), pair.Value)])));

    /// <summary>A measure with three digits; a dash where there is none.</summary>
    public static string Number(double? value, string format = "0.000") =>
        value is { } known && double.IsFinite(known) ? known.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? value) => value is null ? "-" : Number(value, "0.0") + " ms";

    private static XElement Grid(ConfusionMatrix matrix, string[] names)
    {
        double[,] fractions = matrix.Normalized();
        return Tag("div", Class("scroll"), Tag("table", Class("matrix"),
            Tag("thead", Tag("tr", Tag("th", "Predicted"), names.Select(name =>
                Tag("th", Set("title", name), MiddleCut.Shorten(name, 14))))),
            Tag("tbody", names.Select((name, row) => Tag("tr", Tag("th", Set("title", name), MiddleCut.Shorten(name, 18)),
                names.Select((_, column) =>
                matrix[row, column] == 0 ? Tag("td", Class("soft"), "0") : Tag("td", Class(row == column ? "right" : "wrong"),
                    Set("style", FormattableString.Invariant($"--a: {0.08 + (0.6 * fractions[row, column]):0.00}")),
                    Set("title", FormattableString.Invariant($"{fractions[row, column]:0.0%} of the column")),
                        Count(matrix[row, column]))))))));
    }
}
