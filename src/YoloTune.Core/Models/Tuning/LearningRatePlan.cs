using System.Globalization;

namespace YoloTune.Models.Tuning;

/// <summary>What a learning-rate selection means for one model, before it is applied.</summary>
public sealed class LearningRatePlan
{
    private readonly YoloModel _model;

    internal LearningRatePlan(YoloModel model, IReadOnlyDictionary<string, double> multipliers, string what)
    {
        _model = model;
        Multipliers = multipliers;
        double least = multipliers.Values.Min(), most = multipliers.Values.Max();
        string range = least == most
            ? string.Create(CultureInfo.InvariantCulture, $"{least:0.######}")
            : string.Create(CultureInfo.InvariantCulture, $"{least:0.######} to {most:0.######}");
        Summary = $"Multiply the learning rate of {multipliers.Count} parameter tensors by {range} ({what})";
    }

    /// <summary>The factor of every parameter that is selected, by state-dict name.</summary>
    public IReadOnlyDictionary<string, double> Multipliers { get; }

    /// <summary>The plan in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Sets the factors; those of other parameters stay.</summary>
    public void Apply()
    {
        foreach ((string name, double factor) in Multipliers) _model.Item(name).LearningRateMultiplier = factor;
    }

    /// <summary>Multiplies the factors that are set already.</summary>
    internal void ApplyOnTop()
    {
        foreach ((string name, double factor) in Multipliers) _model.Item(name).LearningRateMultiplier *= factor;
    }
}
