namespace YoloTune.Data;

/// <summary>One image of a batch: where it came from and how it was fitted into the batch's frame.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="OriginalHeight">Height of the file's image in pixels.</param>
/// <param name="OriginalWidth">Width of the file's image in pixels.</param>
/// <param name="Gain">Network pixels per original pixel.</param>
/// <param name="PadX">Columns of padding at the left, in network pixels.</param>
/// <param name="PadY">Rows of padding at the top, in network pixels.</param>
internal sealed record BatchImage(string Path, int OriginalHeight, int OriginalWidth, double Gain, double PadX, double PadY);
