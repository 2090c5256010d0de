namespace YoloTune.DatasetTools.Conversion;

/// <summary>An image that was found and whose boxes are those of a label file, classes still by name.</summary>
internal sealed record PreparedImage(string Path, string Format, IReadOnlyList<PreparedBox> Boxes);
