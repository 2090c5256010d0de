using System.Text;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Splitting;

/// <summary>
/// Writes the parts of a divided dataset: a text list of images each, or copies in folders, and the YAML. Beside a data.yaml that is there
/// the new one is split.yaml.
/// </summary>
internal sealed class PartWriter : IPartWriter
{
    private readonly DatasetDescription description;
    private readonly DatasetSplitOptions options;
    private readonly string[] parts, kept;
    private readonly string folder, yaml;

    /// <exception cref="DatasetException">What is to be written is there already.</exception>
    /// <exception cref="SelectionException">Copies would lie among their originals.</exception>
    public PartWriter(DatasetDescription description, DatasetSplitOptions options, string[] parts, string[] kept)
    {
        (this.description, this.options, this.parts, this.kept) = (description, options, parts, kept);
        string own = Path.GetDirectoryName(description.File)!;
        folder = options.Destination is { } given ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(given)) : own;
        if (options.Copy && folder == own)
            throw new SelectionException(
                "copies of the dataset would lie in the dataset itself.", remedy: "Give another folder with -Destination.");
        bool beside = folder == own && File.Exists(Path.Combine(folder, "data.yaml"));
        yaml = Path.Combine(folder, beside ? "split.yaml" : "data.yaml");
        // A list or description that the division is made from is kept even with -Force.
        OutputGuard inputs = new(force: true, [description.File, .. description.SplitNames.SelectMany(description.PathsOf)]);
        foreach (string file in options.Copy ? [yaml] : parts.Select(List).Prepend(yaml))
        {
            try
            {
                inputs.Require(file);
            }
            catch (OutputException error) when (error.IsInput)
            {
                throw new DatasetException(
                    "the dataset is read from this file, and dividing would replace it.", file,
                    remedy: "Give another folder with -Destination.", inner: error);
            }
        }
        if (options.Force) return;
        IEnumerable<string> written = options.Copy
            ? DatasetStage.Existing(folder, parts).Select(part => Path.Combine(folder, "images", part))
            : parts.Select(List);
        string[] files = [yaml, .. written];
        if (Array.Find(files, Path.Exists) is { } taken)
            throw new DatasetException("it exists already.", taken, remedy: "Give another -Destination, or -Force to replace it.");
    }

    /// <summary>Writes the parts.</summary>
    /// <param name="images">The images of each part, full paths.</param>
    /// <param name="cancellation">Stops the copying; nothing is left behind.</param>
    /// <returns>The full path of the YAML.</returns>
    public string Write(IReadOnlyList<IReadOnlyList<string>> images, CancellationToken cancellation)
    {
        try
        {
            if (options.Copy) Copy(images, cancellation);
            else WriteLists(images);
            return yaml;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the parts cannot be written: " + error.Message, folder, remedy: "Choose a folder you may write to with -Destination.",
                inner: error);
        }
    }

    private void WriteLists(IReadOnlyList<IReadOnlyList<string>> images)
    {
        if (images.SelectMany(paths => paths).FirstOrDefault(path => path.AsSpan().IndexOfAny('\r', '\n') >= 0) is { } broken)
            throw new DatasetException(
                "a list cannot hold a path with a line break in it.", broken, remedy: "Rename the image, or use -Copy.");
        Directory.CreateDirectory(folder);
        for (int part = 0; part < parts.Length; part++)
        {
            // What Ultralytics takes for relative to the list, and a full path elsewhere.
            string text = string.Concat(images[part].Select(path =>
                (DatasetYamlText.IsOutside(folder, path) ? "" : "./") + DatasetYamlText.PathBelow(folder, path) + "\n"));
            WriteText(List(parts[part]), text);
        }
        WriteText(yaml, Describe(part => part + ".txt"));
    }

    private void Copy(IReadOnlyList<IReadOnlyList<string>> images, CancellationToken cancellation)
    {
        foreach (string replaced in DatasetStage.Folders(folder, parts).Where(Directory.Exists))
        {
            IEnumerable<string> originals = images.SelectMany(paths => paths).SelectMany(path => new[] { path, LabelFile.PathFor(path) });
            if (originals.FirstOrDefault(path => RealPath.IsIn(replaced, path)) is { } original)
                throw new DatasetException(
                    $"the file lies in '{replaced}', which the copies would replace.", original, remedy: "Give another -Destination.");
        }
        using DatasetStage stage = new(folder);
        for (int part = 0; part < parts.Length; part++)
        {
            ImageNames names = new();
            stage.Open(parts[part]);
            foreach (string path in images[part])
            {
                cancellation.ThrowIfCancellationRequested();
                string name = names.For(path, "jpeg"), labels = LabelFile.PathFor(path), target = stage.Label(parts[part], name);
                DatasetStage.Copy(path, stage.Image(parts[part], name));
                if (File.Exists(labels)) DatasetStage.Copy(labels, target);
                else File.WriteAllText(target, "");
            }
        }
        stage.Commit(parts, yaml, Describe(part => "images/" + part));
    }

    private string Describe(Func<string, string> pathOf)
    {
        IEnumerable<(string, IReadOnlyList<string>)> all = parts.Select(part => (part, (IReadOnlyList<string>)[pathOf(part)]))
            .Concat(kept.Select(split =>
                (split, (IReadOnlyList<string>)[.. description.PathsOf(split).Select(path => DatasetYamlText.PathBelow(folder, path))])));
        return DatasetYamlText.Compose(
            FormattableString.Invariant($"Divided with seed {options.Seed}: {options.Validation:0.####} val, {options.Test:0.####} test"),
            all, description.Names, description.Keypoints);
    }

    private static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private string List(string part) => Path.Combine(folder, part + ".txt");
}
