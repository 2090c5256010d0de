using System.Text.Json.Serialization;
using YoloTune.Basics;
using YoloTune.Evaluation;

namespace YoloTune.Runs.Records;

/// <summary>What an epoch of a run gave. A value that was not measured is null.</summary>
public sealed record YoloEpoch
{
    private static readonly NamedValues<double> None = NamedValues<double>.Of([]);
    private const string Box = "box", Class = "cls", Distribution = "dfl";

    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The stage it belongs to.</summary>
    public string? Stage { get; init; }

    /// <summary>Seconds from the run's start to this epoch's end; interruptions do not count.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of training.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Seconds of validation.</summary>
    public double? ValidationSeconds { get; init; }

    /// <summary>The losses by their names (box, cls, dfl ...), mean over the batches.</summary>
    public IReadOnlyDictionary<string, double> Losses
    {
        get;
        init => field = NamedValues<double>.Of(value);
    } = None;

    /// <summary>The same losses on the validation images; empty where they were not measured.</summary>
    public IReadOnlyDictionary<string, double> ValidationLosses
    {
        get;
        init => field = NamedValues<double>.Of(value);
    } = None;

    /// <summary>
    /// What was measured of the averaged weights on the validation images, by the reference's names (metrics/mAP50-95(B) ...).
    /// </summary>
    public IReadOnlyDictionary<string, double> Measures
    {
        get;
        init => field = NamedValues<double>.Of(value);
    } = None;

    /// <summary>
    /// The number by which epochs are compared: the sum of all mAP50-95; of classified images the mean of top-1 and top-5.
    /// </summary>
    public double? Fitness
    {
        // Records of earlier versions hold measures only.
        get => field ?? MeasureColumns.Fitness(Measures);
        init;
    }

    /// <summary>Box loss; not a number for a task without it.</summary>
    [JsonIgnore]
    public double BoxLoss => Losses.GetValueOrDefault(Box, double.NaN);

    /// <summary>Class loss; not a number for a task without it.</summary>
    [JsonIgnore]
    public double ClassLoss => Losses.GetValueOrDefault(Class, double.NaN);

    /// <summary>Distribution focal loss; not a number for a task without it.</summary>
    [JsonIgnore]
    public double DflLoss => Losses.GetValueOrDefault(Distribution, double.NaN);

    /// <summary>Precision.</summary>
    [JsonIgnore]
    public double? Precision => Find(Measures, "metrics/precision(B)");

    /// <summary>Recall.</summary>
    [JsonIgnore]
    public double? Recall => Find(Measures, "metrics/recall(B)");

    /// <summary>mAP50.</summary>
    [JsonIgnore]
    public double? MAP50 => Find(Measures, "metrics/mAP50(B)");

    /// <summary>mAP50-95.</summary>
    [JsonIgnore]
    public double? MAP => Find(Measures, "metrics/mAP50-95(B)");

    /// <summary>Fraction of the images whose best class is right.</summary>
    [JsonIgnore]
    public double? Top1 => Find(Measures, MeasureColumns.Top1);

    /// <summary>Fraction of the images whose five best classes have the right one.</summary>
    [JsonIgnore]
    public double? Top5 => Find(Measures, MeasureColumns.Top5);

    /// <summary>The measures people compare epochs by, under the names they know, such as mAP50-95 or top-1.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, double>> Headline => MeasureColumns.Headline(Measures);

    /// <summary>The same with mAP50 or top-5 in one short line; empty where nothing was measured.</summary>
    [JsonIgnore]
    public string Figures => MeasureColumns.Figures(Measures);

    /// <summary>Box loss on the validation images.</summary>
    [JsonIgnore]
    public double? ValidationBoxLoss => Find(ValidationLosses, Box);

    /// <summary>Class loss on the validation images.</summary>
    [JsonIgnore]
    public double? ValidationClassLoss => Find(ValidationLosses, Class);

    /// <summary>Distribution focal loss on the validation images.</summary>
    [JsonIgnore]
    public double? ValidationDflLoss => Find(ValidationLosses, Distribution);

    /// <summary>The learning rate of each parameter group after the last batch.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [];

    /// <summary>The learning rate of the first parameter group after the last batch.</summary>
    [JsonIgnore]
    public double? LearningRate => LearningRates.Count > 0 ? LearningRates[0] : null;

    /// <summary>Training images per second.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>"epoch 12: mAP50-95 0.451".</summary>
    public override string ToString() => FormattableString.Invariant($"epoch {Epoch}")
        + (Headline.Count == 0 ? "" : ": ")
        + string.Join(", ", Headline.Select(entry => FormattableString.Invariant($"{entry.Key} {entry.Value:0.000}")));

    internal static double? Find(IReadOnlyDictionary<string, double> values, string name) =>
        values.TryGetValue(name, out double value) ? value : null;
}
