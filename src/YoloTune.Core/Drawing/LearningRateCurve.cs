namespace YoloTune.Drawing;

/// <summary>What a learning-rate finder measured.</summary>
/// <param name="Rates">The learning rates tried, ascending and positive.</param>
/// <param name="Losses">The loss of the batch at each rate; NaN where there is none.</param>
/// <param name="Smoothed">The smoothed loss at each rate.</param>
/// <param name="Suggestions">Rates to mark, each with what it is, such as steepest or minimum/10.</param>
internal sealed record LearningRateCurve(
    IReadOnlyList<double> Rates,
    IReadOnlyList<double> Losses,
    IReadOnlyList<double> Smoothed,
    IReadOnlyList<KeyValuePair<string, double>> Suggestions);
