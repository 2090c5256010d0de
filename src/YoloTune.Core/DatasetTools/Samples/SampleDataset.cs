using System.Globalization;
using System.Text;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Samples;

/// <summary>A dataset of drawn shapes in YOLO format, for tutorials and tests without a download.</summary>
public static class SampleDataset
{
    private const string YamlName = "data.yaml";
    private const string Comment = "# Drawn shapes";
    private static readonly string[] Splits = ["train", "val"];

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
        if (options.Task is { PredictsObjects: false })
            return SampleClassFolders.Create(Path.GetFullPath(folder), options, painter, progress, cancellation);
        string root = Path.GetFullPath(folder);
        try
        {
            Check(root, options.Force);
            using DatasetStage stage = new(root);
            foreach (string split in Splits) stage.Open(split);
            int validation = options.Count < 2
                ? 0
                : Math.Clamp((int)Math.Round(options.Count * options.ValidationShare), 1, options.Count - 1);
            for (int i = 0; i < options.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string split = i < options.Count - validation ? "train" : "val";
                string name = i.ToString("D6", CultureInfo.InvariantCulture) + (options.Png ? ".png" : ".jpg");
                var labels = painter.Paint(i, stage.Image(split, name));
                File.WriteAllText(
                    stage.Label(split, name), string.Concat(labels.Select(label => label.Row(options.Rows) + "\n")));
                progress?.Report(i + 1);
            }
            string yaml = Path.Combine(root, YamlName);
            stage.Commit(Splits, yaml, Describe(options, validation > 0));
            return DatasetDescription.Load(yaml);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(root, error);
        }
    }

    /// <summary>Refuses a folder with something in it, unless it may be replaced.</summary>
    internal static void RequireEmpty(string root, bool force)
    {
        new OutputGuard(force).RequireFolder(root);
        if (!force && Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
            throw new DatasetException("the folder is not empty.", root, remedy: "Choose another folder, or write over it with -Force.");
    }

    /// <summary>Refuses to replace something that was not drawn.</summary>
    /// <param name="foreign">The first such thing, or null.</param>
    internal static void RequireDrawn(string? foreign)
    {
        if (foreign is null) return;
        throw new DatasetException(
            "it is not of a drawn dataset, and drawing one here would remove it.", foreign,
            remedy: "Choose another folder; -Force replaces drawn datasets only.");
    }

    /// <summary>The error of a dataset that the system does not let be written.</summary>
    internal static DatasetException NotWritten(string root, Exception error) => new(
        "the dataset cannot be written: " + error.Message, root, remedy: "Choose a folder you may write to.", inner: error);

    // With -Force the folders of the splits are replaced as a whole: what an earlier, larger dataset left there would count as part of the
    // new one. So nothing may lie in them that was not drawn.
    private static void Check(string root, bool force)
    {
        RequireEmpty(root, force);
        if (DatasetStage.Existing(root, Splits).FirstOrDefault() is null) return;
        string yaml = Path.Combine(root, YamlName);
        bool isDrawn = File.Exists(yaml)
            && SharedFile.ReadLines(yaml).FirstOrDefault()?.StartsWith(Comment, StringComparison.Ordinal) == true;
        string? foreign = isDrawn
            ? DatasetStage.Folders(root, Splits).Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries)
                .FirstOrDefault(path => !IsDrawnName(path))
            : Path.Combine(root, "images");
        RequireDrawn(foreign);
    }

    internal static bool IsDrawnName(string path) => Path.GetFileNameWithoutExtension(path) is { Length: >= 6 } stem
        && stem.All(char.IsAsciiDigit) && Path.GetExtension(path) is ".jpg" or ".png" or ".txt";

    private static string Describe(SampleDatasetOptions options, bool hasValidation)
    {
        StringBuilder yaml = new();
        yaml.Append(Comment).Append(", seed ").Append(options.Seed.ToString(CultureInfo.InvariantCulture)).Append('\n');
        yaml.Append("path: .\ntrain: images/train\nval: images/").Append(hasValidation ? "val" : "train").Append("\nnames:\n");
        for (int i = 0; i < options.ClassNames.Count; i++)
        {
            yaml.Append("  ").Append(i.ToString(CultureInfo.InvariantCulture)).Append(": '")
                .Append(options.ClassNames[i].Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }
        if (options.Rows == LabelRowKind.Keypoints)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"kpt_shape: [{SampleObject.KeypointNames.Count}, {KeypointShape.Values}]\n");
            yaml.Append(CultureInfo.InvariantCulture, $"flip_idx: [{string.Join(", ", SampleObject.FlipIndex)}]\nkpt_names:\n");
            for (int i = 0; i < options.ClassNames.Count; i++)
                yaml.Append(CultureInfo.InvariantCulture, $"  {i}: [{string.Join(", ", SampleObject.KeypointNames)}]\n");
        }
        return yaml.ToString();
    }
}
