namespace YoloTune.HelpCompiler;

/// <summary>One way to call a cmdlet.</summary>
/// <param name="Name">The parameter set; empty where the cmdlet has only one.</param>
/// <param name="IsDefault">Whether PowerShell takes it when the parameters given do not decide.</param>
/// <param name="Parameters">Names of its parameters, in the order of the syntax line.</param>
public sealed record HelpSyntax(string Name, bool IsDefault, IReadOnlyList<string> Parameters);
