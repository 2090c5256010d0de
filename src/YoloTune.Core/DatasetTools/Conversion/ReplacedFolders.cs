using YoloTune.Basics;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>The folders that a conversion with -Force replaces as a whole. Nothing that is read may lie in them, links followed.</summary>
internal sealed class ReplacedFolders
{
    private readonly string[] folders;

    /// <param name="root">The dataset's folder.</param>
    /// <param name="splits">The splits that are written.</param>
    public ReplacedFolders(string root, IEnumerable<string> splits) => folders =
    [
        .. DatasetStage.Folders(root, splits)
            .Where(folder => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()),
    ];

    /// <summary>Asks that no source lies in a folder that is replaced, and none of these in a source: its files may be originals.</summary>
    /// <exception cref="DatasetException">One does.</exception>
    public void RequireOutside(IEnumerable<string> sources)
    {
        foreach (string source in sources)
        {
            foreach (string folder in folders)
            {
                bool meet = Directory.Exists(source) ? RealPath.Overlap(folder, source) : RealPath.IsIn(folder, source);
                if (meet) throw Refuse(folder, source);
            }
        }
    }

    /// <summary>Asks that no file that is read lies in a folder that is replaced.</summary>
    /// <exception cref="DatasetException">One does.</exception>
    public void RequireFiles(IEnumerable<string> files)
    {
        if (folders.Length == 0) return;
        string[] real = [.. folders.Select(RealPath.Of)];
        foreach (string file in files.Distinct())
        {
            if (Array.FindIndex(real, folder => RealPath.IsIn(folder, file)) is >= 0 and int at) throw Refuse(folders[at], file);
        }
    }

    private static DatasetException Refuse(string folder, string source) => new(
        $"what is read here and '{folder}', which the new split would replace, lie in each other: originals would be lost.", source,
        remedy: "Give another -Destination or -Split.");
}
