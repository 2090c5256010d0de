namespace YoloTune.HelpCompiler;

/// <summary>One parameter as its help page describes it.</summary>
/// <param name="Name">The name without the dash.</param>
/// <param name="Line">Line of the page, from 1.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Facts">What its YAML blocks say: one for all parameter sets, or one a group of sets.</param>
public sealed record HelpParameter(string Name, int Line, IReadOnlyList<string> Description, IReadOnlyList<HelpParameterFacts> Facts)
{
    /// <summary>What holds in a parameter set, or null when the parameter does not belong to it.</summary>
    public HelpParameterFacts? In(string set) => Facts.FirstOrDefault(facts => facts.Sets.Count == 0 || facts.Sets.Contains(set));
}
