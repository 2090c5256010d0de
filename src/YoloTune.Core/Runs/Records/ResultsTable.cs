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
    private const string TrainPrefix = "train/", ValidationPrefix = "val/", LossSuffix = "_loss", OnlyLoss = "loss",
        MeasurePrefix = "metrics/";
    private const string LearningRatePrefix = "lr/pg", StageName = "stage", EpochName = "epoch", TimeName = "time";

    /// <summary>Losses, measures and learning rates of an epoch by column name; those not measured are left out.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Values(YoloEpoch epoch) =>
    [
        .. epoch.Losses.Select(loss => KeyValuePair.Create(Train(loss.Key), loss.Value)),
        .. epoch.Measures,
        .. epoch.ValidationLosses.Select(loss => KeyValuePair.Create(Validation(loss.Key), loss.Value)),
        .. epoch.LearningRates.Select((rate, i) => KeyValuePair.Create(RateName(i), rate)),
    ];

    /// <summary>The columns of losses and measures, in their order.</summary>
    public static IReadOnlyList<string> Columns(IEnumerable<string> losses, IEnumerable<string> measures) =>
        [.. losses.Select(Train), .. measures, .. losses.Select(Validation)];

    /// <summary>Writes the whole table; the file is complete or as it was.</summary>
    /// <param name="path">The file.</param>
    /// <param name="epochs">The rows.</param>
    /// <param name="columns">The columns of losses and measures, as <see cref="Columns"/> gives them.</param>
    /// <param name="stages">Whether there is a column of the stages' names.</param>
    public static void Write(string path, IReadOnlyList<YoloEpoch> epochs, IReadOnlyList<string> columns, bool stages = false)
    {
        int rates = epochs.Count == 0 ? 0 : epochs.Max(epoch => epoch.LearningRates.Count);
        StringBuilder text = new();
        text.AppendJoin(',', [EpochName, TimeName, .. columns, .. Enumerable.Range(0, rates).Select(RateName), .. Stage(StageName)])
            .Append('\n');
        foreach (YoloEpoch epoch in epochs)
        {
            Dictionary<string, double> values = new(Values(epoch), StringComparer.Ordinal);
            IEnumerable<string> cells =
            [
                epoch.Epoch.ToString(CultureInfo.InvariantCulture),
                Number(epoch.Seconds),
                // Losses and measures are rounded to five decimals before they are written, as in the reference.
                .. columns.Select(column => values.TryGetValue(column, out double value) ? Number(Math.Round(value, 5)) : ""),
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

    /// <summary>Reads a table of any task, of the reference as well; what it lacks is not measured.</summary>
    public static IReadOnlyList<YoloEpoch> Read(string path)
    {
        string[] lines = [.. SharedFile.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line))];
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
            Dictionary<string, double> Measures() => names
                .Where(name => name.StartsWith(MeasurePrefix, StringComparison.Ordinal) && Cell(name) is not null)
                .ToDictionary(name => name, name => Cell(name)!.Value, StringComparer.Ordinal);
            Dictionary<string, double> Losses(string prefix) => names
                .Where(name => (name == prefix + OnlyLoss || (name.StartsWith(prefix, StringComparison.Ordinal)
                    && name.EndsWith(LossSuffix, StringComparison.Ordinal))) && Cell(name) is not null)
                .ToDictionary(name => name == prefix + OnlyLoss ? OnlyLoss : name[prefix.Length..^LossSuffix.Length],
                    name => Cell(name)!.Value,
                    StringComparer.Ordinal);
            int epoch = (int)(Cell(EpochName) ?? throw new TrainingException(
                "the row names no epoch.", path, FormattableString.Invariant($"line {i + 1}"), "Take the damaged row out of the file."));
            epochs.Add(new()
            {
                Epoch = epoch,
                Stage = Array.IndexOf(names, StageName) is >= 0 and int at && at < cells.Length ? cells[at].Trim() : null,
                Seconds = Cell(TimeName) ?? 0,
                Losses = Losses(TrainPrefix),
                Measures = Measures(),
                ValidationLosses = Losses(ValidationPrefix),
                LearningRates = names.Where(name => name.StartsWith(LearningRatePrefix, StringComparison.Ordinal))
                    .Select(Cell).OfType<double>().ToArray(),
            });
        }
        return epochs;
    }

    private static string Train(string loss) => TrainPrefix + Loss(loss);

    // The one loss of a task with a single one is called just that.
    private static string Loss(string name) => name == OnlyLoss ? OnlyLoss : name + LossSuffix;

    private static string Validation(string loss) => ValidationPrefix + Loss(loss);

    private static string RateName(int group) => LearningRatePrefix + group.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("g6", CultureInfo.InvariantCulture);
}
