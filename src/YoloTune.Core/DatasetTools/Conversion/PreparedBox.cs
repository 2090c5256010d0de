using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>An object in the form of label files, its class still by name.</summary>
/// <param name="Class">The class.</param>
/// <param name="Box">Its box.</param>
/// <param name="Outline">Its outline as x, y pairs divided by the image's width or height; null when it has a box only.</param>
/// <param name="Keypoints">x, y divided by the image's width or height, and visibility, of each keypoint; null when it has none.</param>
internal readonly record struct PreparedBox(string Class, LabelBox Box, float[]? Outline, float[]? Keypoints = null);
