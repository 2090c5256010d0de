namespace YoloTune.Specs;

/// <summary>What Pester found of a spec.</summary>
/// <param name="Line">The line of its <c>It</c>.</param>
/// <param name="Name">Its full name, with its data filled in.</param>
/// <param name="Outcome">Pester's word: Passed, Failed, Skipped, Inconclusive or NotRun.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Errors">Messages with their positions.</param>
internal sealed record SpecResult(int Line, string Name, string Outcome, double Milliseconds, IReadOnlyList<string> Errors);
