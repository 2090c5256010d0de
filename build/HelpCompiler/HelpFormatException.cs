namespace YoloTune.HelpCompiler;

/// <summary>A help page that does not have the layout it must have.</summary>
public sealed class HelpFormatException(string file, int line, string message) : Exception($"{file}({line}): error YTHELP: {message}");
