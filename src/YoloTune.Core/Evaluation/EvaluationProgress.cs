namespace YoloTune.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Images">Images done.</param>
/// <param name="TotalImages">Images there are, or null when that is not known.</param>
public sealed record EvaluationProgress(int Images, int? TotalImages);
