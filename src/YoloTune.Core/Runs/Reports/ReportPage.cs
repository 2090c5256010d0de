using System.Globalization;
using System.Text;
using System.Xml.Linq;
using YoloTune.Basics;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;
using static YoloTune.Runs.Reports.Html;

namespace YoloTune.Runs.Reports;

/// <summary>Writes a report as one page that needs nothing else: no script, no font, no picture of another place.</summary>
internal static class ReportPage
{
    /// <summary>The name of the report in a run's folder.</summary>
    public const string FileName = "report.html";

    private static readonly HashSet<string> Repeated = new(StringComparer.Ordinal) { "project", "name", "save_dir" };

    /// <summary>Writes the page; the file is complete or as it was.</summary>
    public static void Save(ReportContent content, string path)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("<!DOCTYPE html>\n" + Build(content).ToString(SaveOptions.DisableFormatting) + "\n");
        PictureFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The page.</summary>
    internal static XElement Build(ReportContent content) => Tag("html", Set("lang", "en"),
        Tag("head",
            Tag("meta", Set("charset", "utf-8")),
            Tag("meta", Set("name", "viewport"), Set("content", "width=device-width, initial-scale=1")),
            Tag("title", content.Title),
            Tag("style", ReportStyle.Text)),
        Tag("body",
            Tag("header", Tag("h1", content.Title), Tag("p", Class("soft"), Subtitle(content)),
                content.Note.Length > 0 ? Tag("p", content.Note) : null),
            Tag("div", Class("cards"), Cards(content).Select(card => Tag("div", Class("card"), Tag("b", card.Value), card.Key))),
            content.Run is { Epochs.Count: > 0 } trained ? ReportCurves.OfRun(trained) : null,
            content.Run is { } staged ? ReportTables.Stages(staged) : null,
            content.Metrics is { } rows ? ReportTables.Classes(rows) : null,
            content.Metrics is { } matrix ? ReportTables.Confusion(matrix.ConfusionMatrix) : null,
            ReportImages.Of(content),
            content.Metrics is { } curves ? ReportCurves.OfMetrics(curves) : null,
            ReportTables.Dataset(content),
            content.Metrics is { } timed ? ReportTables.Speed(timed) : null,
            content.Run is { } run ? ReportTables.Pairs("options", "Options", Options(run)) : null,
            ReportTables.Pairs("environment", "Environment", Machine.Facts())));

    private static string Subtitle(ReportContent content)
    {
        List<string> parts = [];
        if (content.Run is { } run)
        {
            string state = run.Completed ? "finished" : "not finished";
            parts.Add($"{Counted.Of(run.EpochCount, "epoch")} in {Durations.Short(run.Seconds)}, {state}");
            parts.Add(run.Directory);
        }
        if (content.Metrics is { } metrics) parts.Add($"measured on {metrics.Settings}");
        return string.Join(". ", parts) + ".";
    }

    private static IEnumerable<KeyValuePair<string, string>> Cards(ReportContent content)
    {
        if (content.Metrics is { } metrics)
        {
            if (metrics.Top1 is { } top)
            {
                yield return new("top-1", ReportTables.Number(top));
                yield return new("top-5", ReportTables.Number(metrics.Top5));
            }
            foreach ((string name, MetricSet set) in metrics.Sets())
            {
                string of = name == "Box" ? "" : name.ToLowerInvariant() + " ";
                yield return new(of + "mAP50-95", ReportTables.Number(set.MAP));
                yield return new(of + "mAP50", ReportTables.Number(set.MAP50));
                yield return new(of + "precision", ReportTables.Number(set.Precision));
                yield return new(of + "recall", ReportTables.Number(set.Recall));
            }
            yield return new("images measured", metrics.ImageCount.ToString("N0", CultureInfo.InvariantCulture));
        }
        if (content.Run is not { Best: { } best } run) yield break;
        if (content.Metrics is null)
        {
            foreach (KeyValuePair<string, double> measure in best.Headline) yield return new(measure.Key,
                ReportTables.Number(measure.Value));
        }
        yield return new("best epoch", FormattableString.Invariant($"{best.Epoch} of {run.EpochCount}"));
        yield return new("of training", Durations.Short(run.Seconds));
    }

    private static IEnumerable<KeyValuePair<string, string>> Options(TrainingRun run) => run.Options
        .Where(option => option.Value is not null && !Repeated.Contains(option.Key))
        .Select(option => KeyValuePair.Create(option.Key, NamedValues<object?>.Of([option]).ToString()[(option.Key.Length + 1)..]));
}
