namespace YoloTune.HelpCompiler;

/// <summary>One YAML block of a parameter.</summary>
/// <param name="Type">"String[]", "SwitchParameter".</param>
/// <param name="Sets">The parameter sets it speaks of; empty for all.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="AcceptedValues">The values an enumeration or a validated set takes; empty where there is no such list.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Position">Its position from 0, or null for a named parameter.</param>
/// <param name="Default">The default value in words.</param>
/// <param name="Pipeline">"False", "True (ByValue)", "True (ByPropertyName)" or "True (ByPropertyName, ByValue)".</param>
/// <param name="Wildcards">Whether wildcards mean something.</param>
public sealed record HelpParameterFacts(
    string Type, IReadOnlyList<string> Sets, IReadOnlyList<string> Aliases, IReadOnlyList<string> AcceptedValues, bool Required,
    int? Position, string Default, string Pipeline, bool Wildcards);
