namespace YoloTune.Training;

/// <summary>
/// Declares a property of <see cref="TrainingOptions"/> as an option: its name in args.yaml and its range. The property's name, default and
/// summary are the rest of the declaration; the checks, args.yaml, the cmdlets' parameters and their help all follow from it.
/// </summary>
/// <param name="argument">The name in args.yaml: the reference's where it has the option; null keeps the option out of the file.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TrainingOptionAttribute(string? argument = null) : Attribute
{
    /// <summary>The name in args.yaml, or null.</summary>
    public string? Argument { get; } = argument;

    /// <summary>The least value.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest value.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the minimum itself is out of range.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Whether the maximum itself is out of range.</summary>
    public bool BelowMaximum { get; init; }

    /// <summary>What the value is, where its range needs a reason.</summary>
    public string? Meaning { get; init; }

    /// <summary>What args.yaml holds where the option is null.</summary>
    public object? Unset { get; init; }
}
