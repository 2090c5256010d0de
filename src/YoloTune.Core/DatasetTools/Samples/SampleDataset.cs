using System.Globalization;
using System.Text;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Samples;

/// <summary>A dataset of drawn shapes in YOLO format, for tutorials and tests without a download.</summary>
public static class SampleDataset
{
    /// <summary>The shapes that a class can be named after.</summary>
    public static IReadOnlyCollection<string> ShapeNames => SampleShapes.Names;

    /// <summary>Draws the dataset: images and labels of the splits train and val, and data.yaml.</summary>
    /// <param name="folder">The dataset's folder; made when it is not there.</param>
    /// <param name="options">How many, of what.</param>
    /// <param name="progress">Told the number of images drawn so far.</param>
    /// <param name="cancellation">Stops between two images.</param>
    /// <returns>The description of the new dataset.</returns>
    /// <exception cref="DatasetException">The folder holds something already, or cannot be written to.</exception>
    /// <exception cref="SelectionException">The class names or counts do not work.</exception>
    public static DatasetDescription Create(
        string folder, SampleDatasetOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new SampleDatasetOptions();
        if (options.Count < 1) throw new SelectionException(FormattableString.Invariant($"{options.Count} images cannot be drawn."));
        if (options.ImageSize < 32) throw new SelectionException("images need at least 32 pixels a side.");
        SamplePainter painter = new(SampleShapes.For(options.ClassNames), options);
        string root = Path.GetFullPath(folder);
        try
        {
            Prepare(root, options.Force);
            int validation = options.Count < 2
                ? 0
                : Math.Clamp((int)Math.Round(options.Count * options.ValidationShare), 1, options.Count - 1);
            for (int i = 0; i < options.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string split = i < options.Count - validation ? "train" : "val";
                string name = i.ToString("D6", CultureInfo.InvariantCulture);
                var labels = painter.Paint(i, Path.Combine(root, "images", split, name + (options.Png ? ".png" : ".jpg")));
                Write(
                    Path.Combine(root, "labels", split, name + ".txt"),
                    string.Concat(labels.Select(label => LabelFile.Format(label.Class, label.Box) + "\n")));
                progress?.Report(i + 1);
            }
            string yaml = Path.Combine(root, "data.yaml");
            Write(yaml, Describe(options, validation > 0));
            return DatasetDescription.Load(yaml);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the dataset cannot be written: " + error.Message, root, remedy: "Choose a folder you may write to.", inner: error);
        }
    }

    private static void Prepare(string root, bool force)
    {
        if (!force && Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
            throw new DatasetException("the folder is not empty.", root, remedy: "Choose another folder, or write over it with -Force.");
        foreach (string part in (string[])["images", "labels"])
        {
            // What an earlier, larger dataset left here would count as part of the new one.
            string old = Path.Combine(root, part);
            if (force && File.Exists(Path.Combine(root, "data.yaml")) && Directory.Exists(old)) Directory.Delete(old, recursive: true);
            foreach (string split in (string[])["train", "val"]) Directory.CreateDirectory(Path.Combine(old, split));
        }
    }

    private static string Describe(SampleDatasetOptions options, bool hasValidation)
    {
        StringBuilder yaml = new();
        yaml.Append("# Drawn shapes, seed ").Append(options.Seed.ToString(CultureInfo.InvariantCulture)).Append('\n');
        yaml.Append("path: .\ntrain: images/train\nval: images/").Append(hasValidation ? "val" : "train").Append("\nnames:\n");
        for (int i = 0; i < options.ClassNames.Count; i++)
        {
            yaml.Append("  ").Append(i.ToString(CultureInfo.InvariantCulture)).Append(": '")
                .Append(options.ClassNames[i].Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }
        return yaml.ToString();
    }

    private static void Write(string path, string text)
    {
        string temporary = path + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
