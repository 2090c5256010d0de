namespace YoloTune.Specs;

/// <summary>A call of <c>It</c>; with <c>-ForEach</c> it stands for several specs.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Name">Its title behind those of the blocks around it.</param>
internal sealed record Spec(int Line, string Name);
