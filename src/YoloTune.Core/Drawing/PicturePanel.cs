using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>A picture of a sheet with objects on it.</summary>
/// <param name="Objects">The objects, in pixels of the image.</param>
/// <param name="ByVerdict">Whether colours say what became of the objects; otherwise they say the class.</param>
/// <param name="Focus">The object that the picture is shown for; where it is tiny, a corner of the picture shows it enlarged.</param>
internal sealed record PicturePanel(IReadOnlyList<ImageObject> Objects, bool ByVerdict = false, ImageObject? Focus = null);
