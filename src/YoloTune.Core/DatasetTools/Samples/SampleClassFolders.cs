using System.Globalization;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Samples;

/// <summary>A dataset of drawn shapes with a folder per class: one shape in each image.</summary>
internal static class SampleClassFolders
{
    private static readonly string[] Splits = ["train", "val"];

    /// <summary>Draws the dataset.</summary>
    /// <param name="root">Its folder, a full path.</param>
    /// <param name="options">How many, of what.</param>
    /// <param name="painter">Draws an image.</param>
    /// <param name="progress">Gets the number of images drawn so far.</param>
    /// <param name="cancellation">Stops between two images.</param>
    /// <exception cref="DatasetException">The folder holds something already, or cannot be written to.</exception>
    public static DatasetDescription Create(
        string root, SampleDatasetOptions options, SamplePainter painter, IProgress<int>? progress, CancellationToken cancellation)
    {
        int classes = options.ClassNames.Count;
        if (options.Count < 2 * classes)
        {
            throw new SelectionException(
                FormattableString.Invariant($"{options.Count} images are too few for {classes} classes in train and val."),
                remedy: FormattableString.Invariant($"Draw at least {2 * classes} with -Count."));
        }
        if (options.ClassNames.FirstOrDefault(name => name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            || name.StartsWith('.')) is { } wrong)
            throw new SelectionException($"'{wrong}' cannot be the name of a folder.",
                remedy: "Give a class name without / and such signs.");
        try
        {
            Check(root, options.Force);
            using DatasetStage stage = new(root, DatasetStage.Whole);
            foreach (string split in Splits)
            {
                stage.Open(split);
                foreach (string name in options.ClassNames) Directory.CreateDirectory(stage.Image(split, name));
            }
            int validation = Math.Clamp((int)Math.Round(options.Count * options.ValidationShare), classes, options.Count - classes);
            for (int i = 0; i < options.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string file = i.ToString("D6", CultureInfo.InvariantCulture) + (options.Png ? ".png" : ".jpg");
                string place =
                    stage.Image(i < options.Count - validation ? "train" : "val", Path.Combine(options.ClassNames[i % classes], file));
                painter.Paint(i, place);
                progress?.Report(i + 1);
            }
            stage.Commit(Splits);
            return DatasetDescription.Load(root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SampleDataset.NotWritten(root, error);
        }
    }

    // With -Force the folders of the splits are replaced as a whole, so nothing may lie in them that was not drawn.
    private static void Check(string root, bool force)
    {
        SampleDataset.RequireEmpty(root, force);
        string? foreign = DatasetStage.Folders(root, Splits, DatasetStage.Whole).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .FirstOrDefault(path => !SampleDataset.IsDrawnName(path));
        SampleDataset.RequireDrawn(foreign);
    }
}
