namespace YoloTune.HelpCompiler;

/// <summary>The help of one cmdlet.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Synopsis">One sentence.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Examples">At least one.</param>
/// <param name="Parameters">In the page's order.</param>
/// <param name="Inputs">Types and what they mean.</param>
/// <param name="Outputs">Types and what they mean.</param>
/// <param name="Notes">Paragraphs, perhaps none.</param>
/// <param name="Links">Names of related cmdlets and topics.</param>
public sealed record HelpPage(
    string Name, string Synopsis, IReadOnlyList<string> Description, IReadOnlyList<HelpExample> Examples,
    IReadOnlyList<HelpParameter> Parameters, IReadOnlyList<(string Type, IReadOnlyList<string> Description)> Inputs,
    IReadOnlyList<(string Type, IReadOnlyList<string> Description)> Outputs, IReadOnlyList<string> Notes,
    IReadOnlyList<(string Text, string Target)> Links)
{
    /// <summary>Reads a page in the layout of platyPS (schema 2.0.0).</summary>
    /// <exception cref="HelpFormatException">A section is missing, or a parameter's block is not as it must be.</exception>
    public static HelpPage Load(string path) => new HelpPageReader(path).Read();
}
