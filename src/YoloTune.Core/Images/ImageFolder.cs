namespace YoloTune.Images;

/// <summary>Tells images by their extensions and finds them in folders.</summary>
internal static class ImageFolder
{
    /// <summary>Every file of a folder and below, hidden ones too; a folder that cannot be entered is an error.</summary>
    public static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Whether a file's extension is one of <see cref="ImageDecoder.Extensions"/>.</summary>
    public static bool IsImage(string path) =>
        Path.GetExtension(path) is { Length: > 1 } extension && ImageDecoder.Extensions.Contains(extension[1..]);

    /// <summary>The images of a folder and below, sorted by path; none where the folder is not there.</summary>
    public static IEnumerable<string> Images(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", Everything).Where(IsImage).Order(StringComparer.Ordinal) : [];
}
