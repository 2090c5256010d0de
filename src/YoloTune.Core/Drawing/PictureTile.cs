namespace YoloTune.Drawing;

/// <summary>An image of a contact sheet.</summary>
/// <param name="Path">The image.</param>
/// <param name="Caption">What stands below it.</param>
/// <param name="Panels">The image is drawn once for each, side by side.</param>
internal sealed record PictureTile(string Path, string Caption, IReadOnlyList<PicturePanel> Panels);
