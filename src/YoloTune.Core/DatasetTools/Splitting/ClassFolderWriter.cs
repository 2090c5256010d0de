using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Splitting;

/// <summary>
/// Writes the parts of a dataset that has a folder per class as copies: a folder per part, in it a folder per class. Lists would have no
/// place
/// for the classes.
/// </summary>
internal sealed class ClassFolderWriter : IPartWriter
{
    private readonly DatasetDescription description;
    private readonly string[] parts;
    private readonly string folder;

    /// <exception cref="DatasetException">What is to be written is there already.</exception>
    /// <exception cref="SelectionException">Copies are not asked for, or would lie among their originals.</exception>
    public ClassFolderWriter(DatasetDescription description, DatasetSplitOptions options, string[] parts, string[] kept)
    {
        (this.description, this.parts) = (description, parts);
        if (!options.Copy || options.Destination is null)
        {
            throw new SelectionException(
                "the classes of the dataset are its folders, and a list of images has no place for them.",
                remedy: "Copy the images into new folders, with -Copy and -Destination.");
        }
        if (kept.Length > 0)
        {
            throw new SelectionException(
                $"the splits {string.Join(", ", kept)} would be missing beside the copies.",
                remedy: "Divide all splits: leave -Split out.");
        }
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Destination));
        if (RealPath.IsIn(description.Root, folder) || RealPath.IsIn(folder, description.Root))
            throw new SelectionException("copies of the dataset would lie in the dataset itself.",
                remedy: "Give another folder with -Destination.");
        string? taken = DatasetStage.Existing(folder, parts, DatasetStage.Whole).FirstOrDefault();
        if (taken is not null && !options.Force)
        {
            throw new DatasetException(
                "it exists already.", Path.Combine(folder, taken), remedy: "Give another -Destination, or -Force to replace it.");
        }
    }

    /// <inheritdoc/>
    public string Write(IReadOnlyList<IReadOnlyList<string>> images, CancellationToken cancellation)
    {
        try
        {
            using DatasetStage stage = new(folder, DatasetStage.Whole);
            for (int part = 0; part < parts.Length; part++)
            {
                stage.Open(parts[part]);
                Dictionary<string, ImageNames> names = description.Names.ToDictionary(name => name, _ => new ImageNames(),
                    StringComparer.Ordinal);
                // A class without an image in this part keeps its folder, so that the classes of train are those of the dataset.
                foreach (string name in description.Names) Directory.CreateDirectory(stage.Image(parts[part], name));
                foreach (string path in images[part])
                {
                    cancellation.ThrowIfCancellationRequested();
                    string name = description.Names[description.ClassOf(path)!.Value];
                    DatasetStage.Copy(path, stage.Image(parts[part], Path.Combine(name, names[name].For(path, "jpeg"))));
                }
            }
            stage.Commit(parts);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the parts cannot be written: " + error.Message, folder, remedy: "Choose a folder you may write to with -Destination.",
                inner: error);
        }
    }
}
