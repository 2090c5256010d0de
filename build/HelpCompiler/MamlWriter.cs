using System.Globalization;
using System.Xml.Linq;

namespace YoloTune.HelpCompiler;

/// <summary>Writes help pages as the MAML that Get-Help reads.</summary>
public static class MamlWriter
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help file of a module.</summary>
    public static XDocument Write(IEnumerable<HelpPage> pages)
    {
        XNamespace msh = "http://msh";
        return new(new XElement(msh + "helpItems", new XAttribute("schema", "maml"), pages.Select(Write)));
    }

    private static XElement Write(HelpPage page) => new(Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(Command + "details",
            new XElement(Command + "name", page.Name),
            new XElement(Command + "verb", page.Name.Split('-')[0]),
            new XElement(Command + "noun", page.Name.Split('-')[^1]),
            Text(Maml + "description", [page.Synopsis])),
        Text(Maml + "description", page.Description),
        new XElement(Command + "syntax", Sets(page).Select(set => new XElement(Command + "syntaxItem",
            new XElement(Maml + "name", page.Name),
            page.Parameters.Where(parameter => parameter.Sets.Count == 0 || parameter.Sets.Contains(set))
                .OrderBy(parameter => parameter.Position ?? int.MaxValue).Select(Parameter)))),
        new XElement(Command + "parameters", page.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(Parameter)),
        new XElement(Command + "inputTypes", page.Inputs.Select(input => Typed(Command + "inputType", input))),
        new XElement(Command + "returnValues", page.Outputs.Select(output => Typed(Command + "returnValue", output))),
        new XElement(Maml + "alertSet", Text(Maml + "alert", page.Notes)),
        new XElement(Command + "examples", page.Examples.Select(Example)),
        new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(Maml + "navigationLink",
            new XElement(Maml + "linkText", link.Text),
            new XElement(Maml + "uri", link.Target.StartsWith("http", StringComparison.Ordinal) ? link.Target : "")))));

    private static IEnumerable<string> Sets(HelpPage page) =>
        page.Parameters.SelectMany(parameter => parameter.Sets).Distinct().DefaultIfEmpty("");

    private static XElement Parameter(HelpParameter parameter)
    {
        bool isSwitch = parameter.Type == "SwitchParameter";
        return new(Command + "parameter",
            new XAttribute("required", parameter.Required ? "true" : "false"),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", parameter.Wildcards ? "true" : "false"),
            new XAttribute("pipelineInput", parameter.Pipeline),
            new XAttribute("position", parameter.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Text(Maml + "description", parameter.Description),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"),
                new XAttribute("variableLength", "false"), parameter.Type),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.Default.Length == 0 ? "None" : parameter.Default));
    }

    private static XElement Typed(XName name, (string Type, IReadOnlyList<string> Description) value) => new(name,
        new XElement(Dev + "type", new XElement(Maml + "name", value.Type)),
        Text(Maml + "description", value.Description));

    private static XElement Example(HelpExample example) => new(Command + "example",
        new XElement(Maml + "title", $"--- {example.Title} ---"),
        new XElement(Dev + "code", example.Code),
        Text(Dev + "remarks", example.Remarks));

    private static XElement Text(XName name, IEnumerable<string> paragraphs) =>
        new(name, paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph)));
}
