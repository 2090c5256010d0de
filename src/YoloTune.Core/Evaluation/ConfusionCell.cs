namespace YoloTune.Evaluation;

/// <summary>How often one class was predicted where another is true.</summary>
/// <param name="Predicted">The class that was predicted; background where nothing was.</param>
/// <param name="Actual">The class that is true; background where there is no label.</param>
/// <param name="Count">How often.</param>
public sealed record ConfusionCell(string Predicted, string Actual, long Count)
{
    /// <summary>The name of what is no class.</summary>
    public const string Background = "background";

    /// <summary>"circle as square: 3".</summary>
    public override string ToString() => FormattableString.Invariant($"{Actual} as {Predicted}: {Count}");
}
