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
    /// <param name="pages">The pages of its cmdlets.</param>
    /// <param name="onlineRoot">The web address of the pages, for Get-Help -Online where they name none; null for none.</param>
    public static XDocument Write(IEnumerable<HelpPage> pages, string? onlineRoot)
    {
        XNamespace msh = "http://msh";
        return new(new XElement(msh + "helpItems", new XAttribute("schema", "maml"), pages.Select(page => Write(page, onlineRoot))));
    }

    private static XElement Write(HelpPage page, string? onlineRoot) => new(Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(Command + "details",
            new XElement(Command + "name", page.Name),
            new XElement(Command + "verb", page.Name.Split('-')[0]),
            new XElement(Command + "noun", page.Name.Split('-')[^1]),
            Text(Maml + "description", [page.Synopsis])),
        Text(Maml + "description", page.Description),
        new XElement(Command + "syntax", page.Syntax.OrderByDescending(set => set.IsDefault).Select(set => Syntax(page, set))),
        new XElement(Command + "parameters", page.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => Parameter(parameter, parameter.Facts[0]))),
        new XElement(Command + "inputTypes", page.Inputs.Select(input => Typed(Command + "inputType", input))),
        new XElement(Command + "returnValues", page.Outputs.Select(output => Typed(Command + "returnValue", output))),
        page.Notes.Count == 0 ? null : new XElement(Maml + "alertSet", Text(Maml + "alert", page.Notes)),
        new XElement(Command + "examples", page.Examples.Select(Example)),
        new XElement(Command + "relatedLinks", OnlineLink(page, onlineRoot), page.Links.Select(link => Link(link.Text,
            link.Target.StartsWith("http", StringComparison.Ordinal) ? link.Target : ""))));

    private static XElement Syntax(HelpPage page, HelpSyntax set)
    {
        Dictionary<string, HelpParameter> parameters = page.Parameters.ToDictionary(parameter => parameter.Name);
        return new(Command + "syntaxItem", new XElement(Maml + "name", page.Name),
            set.Parameters.Select(name => Parameter(parameters[name], parameters[name].In(set.Name)!)));
    }

    private static XElement Parameter(HelpParameter parameter, HelpParameterFacts facts)
    {
        bool isSwitch = facts.Type == "SwitchParameter";
        return new(Command + "parameter",
            new XAttribute("required", facts.Required ? "true" : "false"),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", facts.Wildcards ? "true" : "false"),
            new XAttribute("pipelineInput", facts.Pipeline),
            new XAttribute("position", facts.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", facts.Aliases.Count == 0 ? "none" : string.Join(", ", facts.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Text(Maml + "description", parameter.Description),
            facts.AcceptedValues.Count == 0 ? null
                : new XElement(Command + "parameterValueGroup", facts.AcceptedValues.Select(value => Value(value, "false"))),
            isSwitch ? null : Value(facts.Type, "true"),
            new XElement(Dev + "type", new XElement(Maml + "name", facts.Type), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", facts.Default.Length == 0 ? "None" : facts.Default));
    }

    private static XElement Value(string text, string required) => new(Command + "parameterValue",
        new XAttribute("required", required), new XAttribute("variableLength", "false"), text);

    private static XElement Typed(XName name, (string Type, IReadOnlyList<string> Description) value) => new(name,
        new XElement(Dev + "type", new XElement(Maml + "name", value.Type)),
        Text(Maml + "description", value.Description));

    private static XElement Example(HelpExample example) => new(Command + "example",
        new XElement(Maml + "title", $"--- {example.Title} ---"),
        new XElement(Dev + "code", example.Code),
        Text(Dev + "remarks", [.. example.Remarks, ""]));

    private static XElement? OnlineLink(HelpPage page, string? root)
    {
        string address = page.OnlineVersion.Length > 0 || root is null ? page.OnlineVersion : $"{root.TrimEnd('/')}/{page.Name}.md";
        return address.Length == 0 ? null : Link("Online version:", address);
    }

    private static XElement Link(string text, string address) => new(Maml + "navigationLink",
        new XElement(Maml + "linkText", text), new XElement(Maml + "uri", address));

    private static XElement Text(XName name, IEnumerable<string> paragraphs) =>
        new(name, paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph)));
}
