namespace YoloTune.DatasetTools.Conversion;

/// <summary>Annotations to convert, and the split they become.</summary>
/// <param name="Path">A COCO JSON file, or a folder or file of VOC XML or LabelMe JSON; a full path.</param>
/// <param name="Split">train, val, test or minival.</param>
public sealed record ConversionSource(string Path, string Split);
