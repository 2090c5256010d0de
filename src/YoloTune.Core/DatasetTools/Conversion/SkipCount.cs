namespace YoloTune.DatasetTools.Conversion;

/// <summary>How often something was left out for one reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How often.</param>
/// <param name="First">The first of them.</param>
public sealed record SkipCount(SkipReason Reason, int Count, SkippedItem First);
