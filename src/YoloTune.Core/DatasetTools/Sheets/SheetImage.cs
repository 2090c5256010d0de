using YoloTune.Data;
using YoloTune.Evaluation;

namespace YoloTune.DatasetTools.Sheets;

/// <summary>An image that may be shown.</summary>
/// <param name="Split">Its split.</param>
/// <param name="Image">The image.</param>
/// <param name="Objects">Its labels.</param>
internal sealed record SheetImage(string Split, DatasetImage Image, IReadOnlyList<ImageObject> Objects)
{
    /// <summary>The object that the image is shown for; null for none.</summary>
    public ImageObject? Focus { get; init; }

    /// <summary>Why the image is shown; empty where it is one of a sample.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The fraction of the image that a box takes.</summary>
    public double Share(ImageObject item) => item.Area / Math.Max(1.0, (double)Image.Width * Image.Height);
}
