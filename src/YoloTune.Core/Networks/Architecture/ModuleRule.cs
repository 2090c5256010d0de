namespace YoloTune.Networks.Architecture;

/// <summary>What a row of a module may look like.</summary>
/// <param name="Group">How the row becomes a layer.</param>
/// <param name="MinArguments">Arguments the YAML must give.</param>
/// <param name="MaxArguments">Arguments it may give.</param>
public sealed record ModuleRule(ModuleGroup Group, int MinArguments, int MaxArguments);
