using System.Xml.Linq;

namespace YoloTune.Packaging;

/// <summary>The licence of a package, as its nuspec gives it.</summary>
/// <param name="Expression">An SPDX expression, or null.</param>
/// <param name="File">The file in the package with the text, or null.</param>
/// <param name="Address">The web address of the text, or null.</param>
public sealed record PackageLicence(string? Expression, string? File, string? Address)
{
    /// <summary>Reads it from a nuspec.</summary>
    public static PackageLicence Read(string nuspec)
    {
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().First(element => element.Name.LocalName == "metadata");
        XElement? licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        string? address = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
        return new(
            (string?)licence?.Attribute("type") == "expression" ? licence!.Value.Trim() : null,
            (string?)licence?.Attribute("type") == "file" ? licence!.Value.Trim() : null,
            licence is null ? address?.Trim() : null);
    }
}
