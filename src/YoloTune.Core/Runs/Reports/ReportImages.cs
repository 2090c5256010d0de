using System.Xml.Linq;
using SkiaSharp;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using static YoloTune.Runs.Reports.Html;

namespace YoloTune.Runs.Reports;

/// <summary>The worst images of a measurement, labels beside predictions, as pictures inside of the page.</summary>
internal static class ReportImages
{
    /// <summary>Images shown at most.</summary>
    public const int Most = 20;

    // With 20 pictures of this size and the rest of the page a report stays well below 5 MB.
    private const int PanelWidth = 330, PanelHeight = 270, Quality = 76, MostBytes = 3_000_000;

    /// <summary>The part of the page; null where no image has a mistake.</summary>
    public static XElement? Of(ReportContent content)
    {
        ImageMeasure[] worst = [.. (content.Metrics?.Images ?? []).Where(HasMistake).OrderBy(image => image.Score).Take(Most)];
        if (worst.Length == 0) return null;
        SheetLayout layout = new() { Columns = 1, PanelWidth = PanelWidth, PanelHeight = PanelHeight, Lines = content.Lines,
            IsBare = true };
        List<XElement> figures = [];
        long bytes = 0;
        foreach (ImageMeasure image in worst)
        {
            string picture = Picture(image, layout);
            bytes += picture.Length;
            if (bytes > MostBytes) break;
            figures.Add(Tag("figure", Tag("img", Set("src", picture),
                Set("alt", $"{Path.GetFileName(image.Path)}: labels at the left, predictions at the right"), Set("loading", "lazy")),
                Tag("figcaption", $"{image}, score {ReportTables.Number(image.Score, "0.00")}")));
        }
        return Section("worst", $"The worst {figures.Count} images",
            Tag("p", Class("soft"), "Labels at the left, predictions at the right. ", VerdictColours.Legend.Select(entry => Tag("span",
                Tag("span", Class("swatch"), Set("style", "background: " + Css(entry.Colour))),
                entry.Text + " "))),
            Tag("div", Class("images"), figures));
    }

    private static string Css(SKColor colour) => FormattableString.Invariant($"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}");

    private static bool HasMistake(ImageMeasure image) => image.Missed + image.False + image.Confused + image.Misplaced > 0;

    private static string Picture(ImageMeasure image, SheetLayout layout)
    {
        using SKSurface surface = ContactSheet.Draw([ImageSheets.Compared(image)], layout);
        using SKImage picture = surface.Snapshot();
        using SKData data = picture.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return "data:image/jpeg;base64," + Convert.ToBase64String(data.AsSpan());
    }
}
