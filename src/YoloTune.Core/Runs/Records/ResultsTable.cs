using System.Globalization;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>
/// results.csv: a row an epoch under the reference's column names, numbers with six significant digits. A run of stages has one column
/// more, the last, that names them.
/// </summary>
internal static class ResultsTable
{
    private const string LearningRatePrefix = "lr/pg", StageName = "stage";

    // Losses and metrics are rounded to five decimals before they are written, as in the reference.
    private static readonly (string Name, Func<YoloEpoch, double?> Get)[] Columns =
    [
        ("train/box_loss", e => e.BoxLoss),
        ("train/cls_loss", e => e.ClassLoss),
        ("train/dfl_loss", e => e.DflLoss),
        ("metrics/precision(B)", e => e.Precision),
        ("metrics/recall(B)", e => e.Recall),
        ("metrics/mAP50(B)", e => e.MAP50),
        ("metrics/mAP50-95(B)", e => e.MAP),
        ("val/box_loss", e => e.ValidationBoxLoss),
        ("val/cls_loss", e => e.ValidationClassLoss),
        ("val/dfl_loss", e => e.ValidationDflLoss),
    ];

    /// <summary>Losses, metrics and learning rates of an epoch by column name; those not measured are left out.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Values(YoloEpoch epoch) =>
    [
        .. Columns.Where(column => column.Get(epoch) is not null)
            .Select(column => KeyValuePair.Create(column.Name, column.Get(epoch)!.Value)),
        .. epoch.LearningRates.Select((rate, i) => KeyValuePair.Create(RateName(i), rate)),
    ];

    /// <summary>The measures of an epoch by column name.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Measures(YoloEpoch epoch) =>
        Values(epoch).Where(value => value.Key.StartsWith("metrics/", StringComparison.Ordinal));

    /// <summary>The names of losses and metrics, in the order of the columns.</summary>
    public static IEnumerable<string> Names => Columns.Select(column => column.Name);

    /// <summary>Writes the whole table; the file is complete or as it was.</summary>
    public static void Write(string path, IReadOnlyList<YoloEpoch> epochs, bool stages = false)
    {
        int rates = epochs.Count == 0 ? 0 : epochs.Max(epoch => epoch.LearningRates.Count);
        StringBuilder text = new();
        text.AppendJoin(',', ["epoch", "time", .. Names, .. Enumerable.Range(0, rates).Select(RateName), .. Stage(StageName)]).Append('\n');
        foreach (YoloEpoch epoch in epochs)
        {
            IEnumerable<string> cells =
            [
                epoch.Epoch.ToString(CultureInfo.InvariantCulture),
                Number(epoch.Seconds),
                .. Columns.Select(column => column.Get(epoch) is double value ? Number(Math.Round(value, 5)) : ""),
                .. epoch.LearningRates.Select(Number),
                // An optimiser of another stage may have more groups.
                .. Enumerable.Repeat("", rates - epoch.LearningRates.Count),
                .. Stage(epoch.Stage ?? ""),
            ];
            text.AppendJoin(',', cells).Append('\n');
        }
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));

        IEnumerable<string> Stage(string text) => stages ? [text] : [];
    }

    /// <summary>Reads a table, of the reference as well; columns it lacks stay null.</summary>
    public static IReadOnlyList<YoloEpoch> Read(string path)
    {
        string[] lines = [.. File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line))];
        if (lines.Length == 0) return [];
        string[] names = [.. lines[0].Split(',').Select(name => name.Trim())];
        List<YoloEpoch> epochs = [];
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split(',');
            double? Cell(string name)
            {
                int at = Array.IndexOf(names, name);
                return at >= 0 && at < cells.Length
                    && double.TryParse(cells[at], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
            }
            int epoch = (int)(Cell("epoch") ?? throw new TrainingException(
                "the row names no epoch.", path, FormattableString.Invariant($"line {i + 1}"), "Take the damaged row out of the file."));
            epochs.Add(new()
            {
                Epoch = epoch,
                Stage = Array.IndexOf(names, StageName) is >= 0 and int at && at < cells.Length ? cells[at].Trim() : null,
                Seconds = Cell("time") ?? 0,
                BoxLoss = Cell(Columns[0].Name) ?? double.NaN,
                ClassLoss = Cell(Columns[1].Name) ?? double.NaN,
                DflLoss = Cell(Columns[2].Name) ?? double.NaN,
                Precision = Cell(Columns[3].Name),
                Recall = Cell(Columns[4].Name),
                MAP50 = Cell(Columns[5].Name),
                MAP = Cell(Columns[6].Name),
                ValidationBoxLoss = Cell(Columns[7].Name),
                ValidationClassLoss = Cell(Columns[8].Name),
                ValidationDflLoss = Cell(Columns[9].Name),
                LearningRates = names.Where(name => name.StartsWith(LearningRatePrefix, StringComparison.Ordinal))
                    .Select(Cell).OfType<double>().ToArray(),
            });
        }
        return epochs;
    }

    private static string RateName(int group) => LearningRatePrefix + group.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("g6", CultureInfo.InvariantCulture);
}
