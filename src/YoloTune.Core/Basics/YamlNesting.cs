using YamlDotNet.Core;

namespace YoloTune.Basics;

/// <summary>
/// Loading YAML calls itself for every level, and a stack that overflows ends the process. The parser does not, so the depth is found
/// with it before anything is loaded.
/// </summary>
internal static class YamlNesting
{
    /// <summary>A model's description nests four deep, a dataset's two; beyond this a file is an accident or an attack.</summary>
    public const int Deepest = 32;

    /// <summary>The line at which a text nests deeper than <see cref="Deepest"/>, or null.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static long? LineTooDeep(string text)
    {
        Parser parser = new(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest) return parser.Current.Start.Line;
        }
        return null;
    }
}
