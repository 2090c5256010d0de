using System.Globalization;
using System.Text.RegularExpressions;

namespace YoloTune.HelpCompiler;

/// <summary>Reads the layout that platyPS writes: headings of fixed names, fenced code, a YAML block a parameter.</summary>
internal sealed partial class HelpPageReader(string path)
{
    private readonly string[] lines = File.ReadAllLines(path);
    private readonly string file = Path.GetFullPath(path);

    /// <summary>A heading with the lines below it, up to the next heading of its level or above.</summary>
    private readonly record struct Section(string Title, int First, int End);

    public HelpPage Read()
    {
        Section page = Sections(1, 0, lines.Length) is [var only] ? only : throw Error(0, "The page needs one heading with the cmdlet's name.");
        Dictionary<string, Section> parts = Sections(2, page.First, page.End).ToDictionary(part => part.Title, StringComparer.OrdinalIgnoreCase);
        Section Part(string name) => parts.TryGetValue(name, out Section part) ? part : throw Error(page.First, $"There is no section {name}.");
        Section Optional(string name) => parts.TryGetValue(name, out Section part) ? part : new(name, 0, 0);

        string synopsis = string.Join(' ', Paragraphs(Part("SYNOPSIS")));
        if (synopsis.Length == 0) throw Error(Part("SYNOPSIS").First, "The synopsis is empty.");
        HelpExample[] examples = [.. Children(Part("EXAMPLES")).Select(Example)];
        if (examples.Length == 0) throw Error(Part("EXAMPLES").First, "There is no example.");
        return new(page.Title, synopsis, Paragraphs(Part("DESCRIPTION")), examples,
            [.. Children(Part("PARAMETERS")).Where(part => part.Title.StartsWith('-')).Select(Parameter)],
            [.. Children(Optional("INPUTS")).Select(part => (part.Title, Paragraphs(part)))],
            [.. Children(Optional("OUTPUTS")).Select(part => (part.Title, Paragraphs(part)))],
            Paragraphs(Optional("NOTES")),
            [.. lines[Optional("RELATED LINKS").First..Optional("RELATED LINKS").End].Select(line => Link().Match(line)).Where(m => m.Success)
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value))]);
    }

    private List<Section> Children(Section section) => Sections(3, section.First, section.End);

    private List<Section> Sections(int level, int first, int end)
    {
        List<Section> found = [];
        bool inFence = false;
        for (int i = first; i < end; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal)) inFence = !inFence;
            int depth = lines[i].TakeWhile(letter => letter == '#').Count();
            if (inFence || depth == 0 || depth > level) continue;
            if (found.Count > 0 && found[^1].End == end) found[^1] = found[^1] with { End = i };
            if (depth == level) found.Add(new(lines[i][depth..].Trim(), i + 1, end));
        }
        return found;
    }

    private HelpExample Example(Section section)
    {
        var (code, before, after) = SplitFence(section);
        if (code.Length == 0) throw Error(section.First, "The example has no code.");
        return new(section.Title, string.Join('\n', code), [.. Paragraphs(before), .. Paragraphs(after)]);
    }

    private HelpParameter Parameter(Section section)
    {
        var (block, before, _) = SplitFence(section);
        Dictionary<string, string> facts = block.Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        string Fact(string key) => facts.TryGetValue(key, out string? value)
            ? value
            : throw Error(section.First, $"The block of {section.Title} lacks '{key}'.");
        IReadOnlyList<string> description = Paragraphs(before);
        if (description.Count == 0) throw Error(section.First, $"{section.Title} has no description.");
        string position = Fact("Position");
        return new(section.Title[1..], description, Fact("Type"), Fact("Parameter Sets") == "(All)" ? [] : Names(Fact("Parameter Sets")),
            Names(Fact("Aliases")), Truth(section, Fact("Required")),
            position.Equals("Named", StringComparison.OrdinalIgnoreCase) ? null : int.Parse(position, CultureInfo.InvariantCulture),
            Fact("Default value"), Fact("Accept pipeline input"), Truth(section, Fact("Accept wildcard characters")));
    }

    private bool Truth(Section section, string value) => bool.TryParse(value, out bool truth)
        ? truth
        : throw Error(section.First, $"The block of {section.Title} says '{value}' where True or False is wanted.");

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private (string[] Code, Section Before, Section After) SplitFence(Section section)
    {
        int open = Array.FindIndex(lines, section.First, section.End - section.First, line => line.StartsWith("```", StringComparison.Ordinal));
        if (open < 0) return ([], section, new("", 0, 0));
        int close = Array.FindIndex(lines, open + 1, section.End - open - 1, line => line.StartsWith("```", StringComparison.Ordinal));
        if (close < 0) throw Error(open, "The code block does not end.");
        return (lines[(open + 1)..close], section with { End = open }, section with { First = close + 1 });
    }

    /// <summary>Paragraphs joined to one line each; list items stay lines of their own.</summary>
    private List<string> Paragraphs(Section section)
    {
        List<string> paragraphs = [];
        bool open = false;
        foreach (string raw in lines[section.First..section.End])
        {
            string line = PlainText.Of(raw.Trim());
            bool isItem = line.StartsWith("- ", StringComparison.Ordinal);
            if (line.Length == 0) open = false;
            else if (open && !isItem) paragraphs[^1] += " " + line;
            else paragraphs.Add(line);
            open = line.Length > 0;
        }
        return paragraphs;
    }

    private HelpFormatException Error(int line, string message) => new(file, line + 1, message);

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]*)\)")]
    private static partial Regex Link();
}
