namespace YoloTune.Data.Checks;

/// <summary>An image that stands in two splits with the same content: what is measured on it was learned on it.</summary>
public sealed record DuplicateImage(string FirstSplit, string FirstPath, string SecondSplit, string SecondPath);
