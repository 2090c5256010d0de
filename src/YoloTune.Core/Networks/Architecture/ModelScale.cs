namespace YoloTune.Networks.Architecture;

/// <summary>The multipliers of one scale of a family.</summary>
/// <param name="Letter">n, s, m, l, x ...; empty for a family without scales.</param>
/// <param name="Depth">Multiplies repeats.</param>
/// <param name="Width">Multiplies channels.</param>
/// <param name="MaxChannels">Channels are cut at this before they are multiplied.</param>
public sealed record ModelScale(string Letter, double Depth, double Width, double MaxChannels);
