namespace YoloTune.Packaging;

/// <summary>The result of an audit.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="Lines">Vulnerabilities, or what the sources lack; a line each.</param>
public sealed record AuditResult(AuditOutcome Outcome, IReadOnlyList<string> Lines);
