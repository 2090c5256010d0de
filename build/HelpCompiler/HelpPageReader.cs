using System.Globalization;
using System.Text.RegularExpressions;

namespace YoloTune.HelpCompiler;

/// <summary>Reads the layout that platyPS writes: headings of fixed names, fenced code, a YAML block or more a parameter.</summary>
internal sealed partial class HelpPageReader(string path)
{
    private const string DefaultMark = " (Default)";

    private readonly string[] lines = File.ReadAllLines(path);
    private readonly string file = Path.GetFullPath(path);

    /// <summary>A heading with the lines below it, up to the next heading of its level or above.</summary>
    private readonly record struct Section(string Title, int First, int End);

    public HelpPage Read()
    {
        Section page = Sections(1, 0, lines.Length) is [var only]
            ? only
            : throw Error(0, "The page needs one heading with the cmdlet's name.");
        if (page.Title != Path.GetFileNameWithoutExtension(file))
        {
            throw Error(page.First - 1, $"The page of {page.Title} must be named after it.");
        }
        Dictionary<string, Section> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (Section part in Sections(2, page.First, page.End))
        {
            if (!parts.TryAdd(part.Title, part)) throw Error(part.First - 1, $"There are two sections {part.Title}.");
        }
        Section Part(string name) => parts.TryGetValue(name, out Section part)
            ? part
            : throw Error(page.First, $"There is no section {name}.");
        Section Optional(string name) => parts.TryGetValue(name, out Section part) ? part : new(name, 0, 0);

        string synopsis = string.Join(' ', Paragraphs(Part("SYNOPSIS")));
        if (synopsis.Length == 0) throw Error(Part("SYNOPSIS").First, "The synopsis is empty.");
        HelpExample[] examples = [.. Children(Part("EXAMPLES")).Select(Example)];
        if (examples.Length == 0) throw Error(Part("EXAMPLES").First, "There is no example.");
        Section described = Part("PARAMETERS");
        HelpParameter[] parameters = [.. Children(described).Where(part => part.Title.StartsWith('-')).Select(Parameter)];
        HelpSyntax[] syntax = Syntax(Part("SYNTAX"));
        if (parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Error(twice.Last().Line - 1, $"-{twice.Key} has two sections.");
        }
        foreach (HelpSyntax set in syntax) CheckAgreement(set, parameters, Part("SYNTAX").First);
        return new(page.Title, synopsis, Paragraphs(Part("DESCRIPTION")), syntax, examples, parameters,
            [.. Children(Optional("INPUTS")).Select(part => (part.Title, (IReadOnlyList<string>)Paragraphs(part)))],
            [.. Children(Optional("OUTPUTS")).Select(part => (part.Title, (IReadOnlyList<string>)Paragraphs(part)))],
            Paragraphs(Optional("NOTES")),
            [.. lines[Optional("RELATED LINKS").First..Optional("RELATED LINKS").End].Select(line => Link().Match(line))
                .Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value))],
            lines.Take(page.First).Select(line => OnlineVersion().Match(line)).FirstOrDefault(match => match.Success)
                ?.Groups[1].Value ?? "");
    }

    private List<Section> Children(Section section) => Sections(3, section.First, section.End);

    private List<Section> Sections(int level, int first, int end)
    {
        List<Section> found = [];
        bool inFence = false;
        for (int i = first; i < end; i++)
        {
            if (PlainText.IsFence(lines[i])) inFence = !inFence;
            int depth = lines[i].TakeWhile(letter => letter == '#').Count();
            if (inFence || depth == 0 || depth > level) continue;
            if (found.Count > 0 && found[^1].End == end) found[^1] = found[^1] with { End = i };
            if (depth == level) found.Add(new(lines[i][depth..].Trim(), i + 1, end));
        }
        return found;
    }

    private HelpSyntax[] Syntax(Section section)
    {
        List<Section> sets = Children(section);
        if (sets.Count == 0) return [SyntaxOf(section, "", isDefault: true)];
        return
        [
            .. sets.Select(set => set.Title.EndsWith(DefaultMark, StringComparison.Ordinal)
                ? SyntaxOf(set, set.Title[..^DefaultMark.Length], isDefault: true)
                : SyntaxOf(set, set.Title, isDefault: false)),
        ];
    }

    private HelpSyntax SyntaxOf(Section section, string name, bool isDefault)
    {
        var (code, _, _) = SplitFence(section);
        if (code.Length == 0) throw Error(section.First, "The syntax has no code block.");
        return new(name, isDefault, [.. code.SelectMany(line => ParameterName().Matches(line)).Select(match => match.Groups[1].Value)]);
    }

    /// <summary>The syntax line and the YAML blocks must name the same parameters; otherwise one of them is out of date.</summary>
    private void CheckAgreement(HelpSyntax set, HelpParameter[] parameters, int line)
    {
        string where = set.Name.Length == 0 ? "the syntax" : $"the syntax of {set.Name}";
        foreach (string name in set.Parameters)
        {
            if (!parameters.Any(parameter => parameter.Name == name && parameter.In(set.Name) is not null))
            {
                throw Error(line, $"-{name} is in {where}, but no block of its section says so.");
            }
        }
        foreach (HelpParameter parameter in parameters)
        {
            if (parameter.In(set.Name) is not null && !set.Parameters.Contains(parameter.Name))
            {
                throw Error(parameter.Line - 1, $"-{parameter.Name} is not in {where}.");
            }
        }
    }

    private HelpExample Example(Section section)
    {
        var (code, before, after) = SplitFence(section);
        if (code.Length == 0) throw Error(section.First, "The example has no code.");
        return new(section.Title, string.Join('\n', code), [.. Paragraphs(before), .. Paragraphs(after)]);
    }

    private HelpParameter Parameter(Section section)
    {
        List<HelpParameterFacts> facts = [];
        var (block, before, rest) = SplitFence(section);
        List<string> description = Paragraphs(before);
        if (description.Count == 0) throw Error(section.First, $"{section.Title} has no description.");
        for (; block.Length > 0; (block, _, rest) = SplitFence(rest)) facts.Add(Facts(section, block));
        if (facts.Count == 0) throw Error(section.First, $"{section.Title} has no YAML block.");
        return new(section.Title[1..], section.First, description, facts);
    }

    private HelpParameterFacts Facts(Section section, string[] block)
    {
        Dictionary<string, string> facts = [];
        foreach (string[] pair in block.Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2))
        {
            if (facts.TryAdd(pair[0].Trim(), pair[1].Trim())) continue;
            throw Error(section.First, $"A block of {section.Title} says '{pair[0]}' twice.");
        }
        string Fact(string key) => facts.TryGetValue(key, out string? value)
            ? value
            : throw Error(section.First, $"The block of {section.Title} lacks '{key}'.");
        bool Truth(string key) => bool.TryParse(Fact(key), out bool truth)
            ? truth
            : throw Error(section.First, $"The block of {section.Title} says '{Fact(key)}' for '{key}', where True or False is wanted.");
        bool isNamed = Fact("Position").Equals("Named", StringComparison.OrdinalIgnoreCase);
        int position = 0;
        if (!isNamed && !int.TryParse(Fact("Position"), NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            throw Error(section.First,
                $"The block of {section.Title} says '{Fact("Position")}' for 'Position', where Named or a number is wanted.");
        }
        return new(Fact("Type"), Fact("Parameter Sets") == "(All)" ? [] : Names(Fact("Parameter Sets")), Names(Fact("Aliases")),
            Names(facts.GetValueOrDefault("Accepted values", "")), Truth("Required"), isNamed ? null : position,
            Fact("Default value"), Fact("Accept pipeline input"), Truth("Accept wildcard characters"));
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private (string[] Code, Section Before, Section After) SplitFence(Section section)
    {
        int open = Array.FindIndex(lines, section.First, section.End - section.First, PlainText.IsFence);
        if (open < 0) return ([], section, section with { First = section.End });
        int close = Array.FindIndex(lines, open + 1, section.End - open - 1, PlainText.IsFence);
        if (close < 0) throw Error(open, "The code block does not end.");
        return (lines[(open + 1)..close], section with { End = open }, section with { First = close + 1 });
    }

    private List<string> Paragraphs(Section section) => PlainText.Paragraphs(lines[section.First..section.End]);

    private HelpFormatException Error(int line, string message) => new(file, line + 1, message);

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=[\s\[])-(\w+)\]?")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"^online version:\s*(\S+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex OnlineVersion();
}
