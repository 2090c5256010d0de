namespace YoloTune.Packaging;

/// <summary>A NuGet package of which something is shipped.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha512">The SHA-512 of the .nupkg in small hexadecimal digits.</param>
/// <param name="Licence">What its nuspec says of the licence.</param>
/// <param name="Files">The files that come from it, in the order of their paths; empty where it is inside one of our own.</param>
/// <param name="Dependencies">The packages it depends on, by id.</param>
public sealed record ShippedPackage(
    string Name, string Version, string Sha512, PackageLicence Licence, IReadOnlyList<ShippedFile> Files,
    IReadOnlyList<string> Dependencies)
{
    /// <summary>Its package URL.</summary>
    public string Purl => $"pkg:nuget/{Name}@{Version}";
}
