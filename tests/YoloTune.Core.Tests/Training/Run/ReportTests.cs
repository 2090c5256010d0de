using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Xunit;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Runs.Reports;
using YoloTune.Runs.Stages;

namespace YoloTune.Tests.Training.Run;

public sealed class ReportTests
{
    private const int MostBytes = 5_000_000;

    [Fact]
    public void A_run_leaves_a_page_that_needs_nothing_else()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options() with { Stages = [new YoloStage { Name = "head <&>", Epochs = 1 },
            new YoloStage { Name = "all", Epochs = 1 }] };
        options = options with { Training = options.Training with { Plots = true } };
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        TrainingRun run = trainer.Run();
        string path = Path.Combine(run.Directory, ReportPage.FileName);
        XElement page = Read(path);
        Assert.Equal(
            ["curves", "stages", "classes", "confusion", "worst", "detection-curves", "dataset", "speed", "options", "environment"],
            page.Descendants("section").Select(section => (string)section.Attribute("id")!));
        Assert.NotEmpty(page.Descendants("img"));
        Assert.Equal(2, page.Descendants("figure").First().Descendants("line").Count(line => (string?)line.Attribute("class") == "stage"));
        Assert.All(page.Descendants("figure").Where(figure => figure.Element("svg") is not null).Take(3),
            figure => Assert.Single(figure.Descendants("line"), line => (string?)line.Attribute("class") == "best"));
        Assert.Contains("head <&>", page.Value, StringComparison.Ordinal);

        string again = tiny.Folder("again.html");
        Assert.Equal("", RunReport.Save(TrainingRun.Read(run.Directory), again));
        Assert.Equal(page.Descendants("section").Count(), Read(again).Descendants("section").Count());
        Directory.Delete(Path.Combine(run.Directory, "weights"), recursive: true);
        Assert.NotEqual("", RunReport.Save(TrainingRun.Read(run.Directory), again));
        Assert.DoesNotContain(Read(again).Descendants("section"), section => (string?)section.Attribute("id") == "classes");
    }

    [Theory]
    [InlineData(0, 1, 5, "0, 0.2, 0.4, 0.6, 0.8, 1")]
    [InlineData(1, 100, 7, "20, 40, 60, 80, 100")]
    [InlineData(3.2, 3.9, 5, "3.2, 3.4, 3.6, 3.8")]
    [InlineData(-1e-5, 2e-5, 3, "-1E-05, 0, 1E-05, 2E-05")]
    public void Ticks_are_round_numbers(double low, double high, int about, string expected) => Assert.Equal(expected,
        string.Join(", ", SvgChart.Ticks(low, high, about).Select(tick => FormattableString.Invariant($"{Math.Round(tick, 9)}"))));

    [Fact]
    public void A_chart_interrupts_its_line_where_nothing_was_measured_and_leaves_empty_lines_out()
    {
        XElement chart = SvgChart.Draw("Loss", "epoch", [
            new("training", [1, 2, 3, 4], [3, double.NaN, 2, 1]),
                new("validation", [1, 2, 3, 4], [double.NaN, double.NaN, double.NaN, double.NaN])]);
        XElement path = Assert.Single(chart.Descendants("path"));
        Assert.Equal(2, Regex.Count((string)path.Attribute("d")!, "M"));
        Assert.Empty(chart.Descendants("span"));
    }

    /// <summary>The page as XML; nothing in it may point elsewhere or run.</summary>
    private static XElement Read(string path)
    {
        string text = File.ReadAllText(path);
        Assert.InRange(new FileInfo(path).Length, 1000, MostBytes);
        Assert.DoesNotMatch(@"(?i)https?:|//[a-z]|<script|<link|<iframe|@import|url\(|\son\w+=", Regex.Replace(text, "base64,[^\"]*", ""));
        using XmlReader reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Ignore });
        XElement page = XElement.Load(reader);
        Assert.DoesNotContain(page.Descendants(), element => element.IsEmpty
            && element.Name.LocalName is "td" or "div" or "p" or "span" or "i" && element.IsEmpty);
        Assert.All(page.Descendants("img"), image => Assert.StartsWith("data:image/jpeg;base64,", (string)image.Attribute("src")!));
        string style = page.Descendants("style").Single().Value;
        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
        Assert.DoesNotMatch("[<>&]", style);
        return page;
    }
}
