using System.Xml.Linq;

namespace YoloTune.Runs.Reports;

/// <summary>Elements of a page. They are XML, so that every text is escaped and every element is closed.</summary>
internal static class Html
{
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal) { "meta", "img", "br", "col" };

    /// <summary>An element with what is in it: attributes, elements and texts.</summary>
    public static XElement Tag(string name, params object?[] content)
    {
        XElement element = new(name, content);
        // <td/> would be an opening tag to a browser.
        if (element.IsEmpty && !Void.Contains(name)) element.Add("");
        return element;
    }

    /// <summary>An attribute.</summary>
    public static XAttribute Set(string name, string value) => new(name, value);

    /// <summary>The class attribute.</summary>
    public static XAttribute Class(string value) => new("class", value);

    /// <summary>A part of the page with a heading.</summary>
    public static XElement Section(string id, string title, params object?[] content) =>
        Tag("section", Set("id", id), Tag("h2", title), content);

    /// <summary>A table; what is wider than the page scrolls inside of it.</summary>
    /// <param name="headings">The headings; those that begin with &gt; are of numbers and stand at the right.</param>
    /// <param name="rows">The cells, as texts or elements.</param>
    public static XElement Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<object?>> rows)
    {
        bool[] right = [.. headings.Select(heading => heading.StartsWith('>'))];
        return Tag("div", Class("scroll"), Tag("table",
            Tag("thead", Tag("tr", headings.Select((heading, i) => Tag("th", right[i] ? Class("n") : null, heading.TrimStart('>'))))),
            Tag("tbody", rows.Select(row => Tag("tr", row.Select((cell, i) => Tag("td", right[i] ? Class("n") : null, cell)))))));
    }
}
