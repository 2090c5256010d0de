using System.Globalization;
using YoloTune.Basics;
using YoloTune.Evaluation;

namespace YoloTune.Runs.Records;

/// <summary>
/// The lines that a person watches while a run trains: a heading and a line per epoch, within 79 columns, so that a log stays readable.
/// </summary>
internal sealed class EpochTable
{
    private const int Widest = 79, Narrowest = 8, TimeWidth = 9, Gap = 2;
    private const string BestMark = "  *", SumName = "loss";
    private readonly int epochs;
    private readonly IReadOnlyList<string> losses;
    private readonly IReadOnlyList<(string Name, string Title)> measures;
    private readonly bool sum;

    /// <summary>Lays the columns out.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="losses">The names of the losses.</param>
    /// <param name="measures">The names of the measures; none where a run does not validate.</param>
    public EpochTable(int epochs, IReadOnlyList<string> losses, IReadOnlyList<string> measures)
    {
        (this.epochs, this.losses) = (epochs, losses);
        this.measures = [.. MeasureColumns.Columns(measures)];
        int others = EpochWidth + this.measures.Sum(measure => Width(measure.Title)) + (2 * TimeWidth) + BestMark.Length;
        // Losses of many names do not fit a line, and their sum says whether the run learns.
        sum = losses.Sum(Width) + others > Widest;
    }

    private int EpochWidth => Math.Max(7, 3 + (2 * Digits));

    private int Digits => epochs.ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>The heading.</summary>
    public string Heading => string.Concat(
    [
        "Epoch".PadLeft(EpochWidth),
        .. (sum ? [SumName] : losses).Select(title => title.PadLeft(Width(title))),
        .. measures.Select(measure => measure.Title.PadLeft(Width(measure.Title))),
        "Time".PadLeft(TimeWidth), "Left".PadLeft(TimeWidth),
    ]);

    /// <summary>The line of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="isBest">Whether its weights are the best so far.</param>
    /// <param name="remaining">Seconds that the rest of the run will take.</param>
    public string Line(YoloEpoch epoch, bool isBest, double remaining)
    {
        IEnumerable<(string Title, double? Value)> values =
        [
            .. sum ? [(SumName, (double?)epoch.Losses.Values.Sum())] : losses.Select(name => (name, YoloEpoch.Find(epoch.Losses, name))),
            .. measures.Select(measure => (measure.Title, YoloEpoch.Find(epoch.Measures, measure.Name))),
        ];
        string number = string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch}/{epochs}");
        return string.Concat(
        [
            number.PadLeft(EpochWidth),
            .. values.Select(value => Text(value.Value).PadLeft(Width(value.Title))),
            Durations.Short((epoch.TrainSeconds ?? 0) + (epoch.ValidationSeconds ?? 0)).PadLeft(TimeWidth),
            (epoch.Epoch < epochs ? Durations.Short(remaining) : "").PadLeft(TimeWidth),
            isBest ? BestMark : "",
        ]).TrimEnd();
    }

    /// <summary>What the line of an epoch has no room for.</summary>
    public static string Detail(YoloEpoch epoch)
    {
        string[] parts =
        [
            .. epoch.Losses.Select(loss => Pair(loss.Key, loss.Value)),
            .. epoch.ValidationLosses.Select(loss => Pair("val " + loss.Key, loss.Value)),
            .. epoch.Measures.Select(measure => Pair(measure.Key.Replace("metrics/", "", StringComparison.Ordinal), measure.Value)),
            string.Create(CultureInfo.InvariantCulture, $"rate {epoch.LearningRate ?? 0:0.######}"),
            string.Create(CultureInfo.InvariantCulture, $"{epoch.ImagesPerSecond ?? 0:0.#} images/s"),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch.Epoch}: {string.Join(", ", parts)}.");
    }

    private static string Pair(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.000}");

    private static int Width(string title) => Math.Max(Narrowest, title.Length + Gap);

    private static string Text(double? value) => value is not { } number ? "-"
        : number.ToString(Math.Abs(number) < 1000 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}
