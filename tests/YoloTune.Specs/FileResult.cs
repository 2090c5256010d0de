namespace YoloTune.Specs;

/// <summary>What Pester found in a file.</summary>
/// <param name="Problems">Why the file, or a part of it, could not be run.</param>
/// <param name="Results">The specs that were run.</param>
internal sealed record FileResult(IReadOnlyList<string> Problems, IReadOnlyList<SpecResult> Results);
