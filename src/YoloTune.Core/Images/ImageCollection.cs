namespace YoloTune.Images;

/// <summary>The images of a folder, as every command finds them.</summary>
/// <param name="Images">Images of formats that are read, sorted by path.</param>
/// <param name="Unread">One sentence for each format that is not read, with the number of its files.</param>
internal sealed record ImageCollection(IReadOnlyList<string> Images, IReadOnlyList<string> Unread)
{
    /// <summary>Finds the images of a folder and its sub-folders by their extensions.</summary>
    public static ImageCollection In(string folder)
    {
        List<string> images = [];
        Dictionary<string, (int Count, string First)> unread = [];
        foreach (string path in ImageFolder.Images(folder))
        {
            if (ImageFormats.NameOf(path) is not { } name)
            {
                images.Add(path);
                continue;
            }
            (int count, string first) = unread.GetValueOrDefault(name, (0, path));
            unread[name] = (count + 1, first);
        }
        return new(images, [.. unread.Select(entry => Sentence(entry.Key, entry.Value.Count, entry.Value.First))]);
    }

    /// <summary>"3 images, such as 'a.tif': TIFF is not read. ..."</summary>
    internal static string Sentence(string format, int count, string first) => FormattableString.Invariant(
        $"{count} {(count == 1 ? "image" : "images")}, such as '{first}': {ImageFormats.ReasonFor(format)}");
}
