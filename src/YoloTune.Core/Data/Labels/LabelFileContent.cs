namespace YoloTune.Data.Labels;

/// <summary>What reading a label file gave.</summary>
/// <param name="Labels">The good rows, or null when the image must not be used.</param>
/// <param name="Exists">Whether the label file is there.</param>
/// <param name="Problems">What was wrong, row by row.</param>
public sealed record LabelFileContent(LabelSet? Labels, bool Exists, IReadOnlyList<DatasetProblem> Problems);
