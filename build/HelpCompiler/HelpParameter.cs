namespace YoloTune.HelpCompiler;

/// <summary>One parameter as its help page describes it.</summary>
/// <param name="Name">The name without the dash.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Type">"String[]", "SwitchParameter".</param>
/// <param name="Sets">The parameter sets it belongs to; empty for all.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Position">Its position from 0, or null for a named parameter.</param>
/// <param name="Default">The default value in words.</param>
/// <param name="Pipeline">"False", "True (ByValue)", "True (ByPropertyName)" or "True (ByPropertyName, ByValue)".</param>
/// <param name="Wildcards">Whether wildcards mean something.</param>
public sealed record HelpParameter(
    string Name, IReadOnlyList<string> Description, string Type, IReadOnlyList<string> Sets, IReadOnlyList<string> Aliases,
    bool Required, int? Position, string Default, string Pipeline, bool Wildcards);
