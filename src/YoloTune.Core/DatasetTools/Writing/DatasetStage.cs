using YoloTune.Basics;

namespace YoloTune.DatasetTools.Writing;

/// <summary>
/// Writes splits of a dataset, images/train and labels/train and so on, so that they appear whole or not at all: everything is made in a
/// temporary folder inside the dataset's folder and moved into place at the end. What stood there before comes back when a move fails.
/// </summary>
internal sealed class DatasetStage : IDisposable
{
    /// <summary>The folders that the splits of a dataset with a folder per class lie in: none but the dataset's own.</summary>
    public static readonly string[] Whole = [""];

    private static readonly string[] Labelled = ["images", "labels"];

    private readonly string[] parts;
    private readonly string folder;
    private readonly string root;
    private readonly bool isNew;
    private bool committed;

    /// <param name="root">The dataset's folder; made when it is not there.</param>
    /// <param name="parts">The folders that the splits lie in; null for those of images and labels.</param>
    public DatasetStage(string root, string[]? parts = null)
    {
        this.parts = parts ?? Labelled;
        this.root = root;
        isNew = !Directory.Exists(root);
        folder = Path.Combine(root, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(folder);
    }

    /// <summary>A folder for files on the way.</summary>
    public string Scratch => Directory.CreateDirectory(Path.Combine(folder, "scratch")).FullName;

    /// <summary>The folders that splits of a dataset consist of, there or not.</summary>
    public static IEnumerable<string> Folders(string root, IEnumerable<string> splits, string[]? parts = null) =>
        splits.SelectMany(split => (parts ?? Labelled).Select(part => Path.Combine(root, part, split)));

    /// <summary>The splits of a dataset's folder that are there already.</summary>
    public static IEnumerable<string> Existing(string root, IEnumerable<string> splits, string[]? parts = null) =>
        splits.Where(split => (parts ?? Labelled).Any(part =>
        Path.Combine(root, part, split) is var path && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()));

    /// <summary>Whether a file lies in the dataset's folder.</summary>
    public bool Covers(string path) => !DatasetYamlText.IsOutside(root, path);

    /// <summary>Makes the folders of a split.</summary>
    public void Open(string split)
    {
        foreach (string part in parts) Directory.CreateDirectory(Path.Combine(folder, part, split));
    }

    /// <summary>Where an image of a split is to be written.</summary>
    public string Image(string split, string name) => Path.Combine(folder, parts[0], split, name);

    /// <summary>Where the labels of an image are to be written.</summary>
    public string Label(string split, string name) => Path.Combine(folder, "labels", split, Path.ChangeExtension(name, ".txt"));

    /// <summary>Copies a file so that the copy can be written and removed, whatever the original allows.</summary>
    public static void Copy(string source, string target)
    {
        File.Copy(source, target);
        FileAttributes attributes = File.GetAttributes(target);
        if (attributes.HasFlag(FileAttributes.ReadOnly)) File.SetAttributes(target, attributes & ~FileAttributes.ReadOnly);
    }

    /// <summary>Moves the splits into place, over those of the same name, and writes the YAML last, where there is one.</summary>
    public void Commit(IEnumerable<string> splits, string? yamlPath = null, string yaml = "")
    {
        Stack<Action> undo = new();
        string old = Path.Combine(folder, "old");
        try
        {
            foreach (string split in splits)
            {
                foreach (string part in parts)
                {
                    string target = Path.Combine(root, part, split), saved = Path.Combine(old, part, split);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    if (Directory.Exists(target)) Move(target, saved);
                    Move(Path.Combine(folder, part, split), target);
                }
            }
            if (yamlPath is not null) AtomicFile.Write(yamlPath, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(yaml)));
            committed = true;
        }
        catch
        {
            while (undo.TryPop(out Action? back)) back();
            throw;
        }

        void Move(string from, string to)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            AtomicFile.MoveFolder(from, to);
            undo.Push(() => AtomicFile.MoveFolder(to, from));
        }
    }

    /// <summary>Removes what was not moved into place; a folder that was made for nothing goes too.</summary>
    public void Dispose() => Directory.Delete(committed || !isNew ? folder : root, recursive: true);
}
