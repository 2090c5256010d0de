using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace YoloTune.HelpCompiler;

/// <summary>
/// Makes PowerShell's types file of the views: what a table shows under a heading can be sorted and selected by that heading. The names are
/// hidden, so that files of all properties have each value once.
/// </summary>
internal static partial class TypeFile
{
    /// <summary>The types file's content.</summary>
    /// <param name="views">The format file's content.</param>
    public static XDocument Convert(XDocument views)
    {
        XElement types = new("Types");
        foreach (IGrouping<string, XElement> type in views.Descendants("View").Where(view => view.Element("TableControl") is not null)
            .GroupBy(view => view.Element("ViewSelectedBy")!.Element("TypeName")!.Value))
        {
            XElement[] members =
            [
                .. type.SelectMany(Columns).Where(column => Name().IsMatch(column.Label))
                    .Select(column => Member(column.Label, column.Value)).OfType<XElement>()
                    .DistinctBy(member => member.Element("Name")!.Value.ToUpperInvariant()),
            ];
            if (members.Length > 0) types.Add(new XElement("Type", new XElement("Name", type.Key), new XElement("Members", members)));
        }
        return new XDocument(new XDeclaration("1.0", "utf-8", null), types);
    }

    private static IEnumerable<(string Label, XElement Value)> Columns(XElement view) =>
        view.Descendants("TableColumnHeader").Select(header => header.Element("Label")!.Value)
            .Zip(view.Descendants("TableColumnItem").Select(item => item.Elements().Single()));

    /// <summary>The member of a column; null where the heading is the property's own name, or more than one property is shown.</summary>
    private static XElement? Member(string label, XElement value)
    {
        string[] chains = value.Name == "PropertyName"
            ? [value.Value]
            : [.. Chain().Matches(value.Value).Select(match => match.Groups["chain"].Value).Distinct()];
        if (chains is not [var chain] || string.Equals(chain.Split('.', '[')[0], label, StringComparison.OrdinalIgnoreCase)) return null;
        XElement name = new("Name", label);
        return chain.AsSpan().ContainsAny('.', '[')
            ? new XElement("ScriptProperty", new XAttribute("IsHidden", "true"), name, new XElement("GetScriptBlock", "$this." + chain))
            : new XElement("AliasProperty", new XAttribute("IsHidden", "true"), name, new XElement("ReferencedMemberName", chain));
    }

    [GeneratedRegex(@"^[\w/-]+$")]
    private static partial Regex Name();

    // Not a method, which is called and holds nothing to sort by.
    [GeneratedRegex(@"\$_\.(?<chain>\w+(?:\.\w+\b(?!\()|\['[^']*'\])*)(?!\w*\()")]
    private static partial Regex Chain();
}
