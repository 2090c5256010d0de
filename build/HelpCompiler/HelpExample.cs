namespace YoloTune.HelpCompiler;

/// <summary>An example: its title, its code, and what there is to say about it.</summary>
public sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);
