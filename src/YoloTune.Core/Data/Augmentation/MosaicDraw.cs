namespace YoloTune.Data.Augmentation;

/// <summary>What was drawn for a mosaic.</summary>
/// <param name="Partners">The images beside the first: 3 or 8.</param>
/// <param name="CentreX">Column where four images meet (not used with nine).</param>
/// <param name="CentreY">Row where four images meet (not used with nine).</param>
internal sealed record MosaicDraw(IReadOnlyList<int> Partners, int CentreX, int CentreY);
