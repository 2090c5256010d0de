using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Prediction;

/// <summary>
/// Names the files that predictions on images are written to: <c>bus.jpg</c> in the folder and <c>labels/bus.txt</c> below it. Of images
/// with one stem, whatever their folders and extensions, the first keeps it and the others get <c>-2</c>, <c>-3</c> and so on, in the order
/// in which they are given; a number that is the stem of another image is left out. Picture and label file of an image share the name.
/// </summary>
/// <param name="folder">The folder for pictures, a full path.</param>
/// <param name="labels">Whether label files are written too.</param>
/// <param name="force">Whether files that exist may be replaced.</param>
public sealed class PredictionFiles(string folder, bool labels, bool force)
{
    private readonly OutputGuard guard = new(force, parameter: "-OutputPath");
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<PredictionFile> planned = new();

    /// <summary>Names the files of more images and asks whether they may be written, before any is.</summary>
    /// <param name="images">The images, in the order in which they will be looked at.</param>
    /// <exception cref="OutputException">A file is one of the images, or exists and may not be replaced.</exception>
    public void Plan(IReadOnlyList<string> images)
    {
        planned.Clear();
        guard.RequireFolder(folder);
        if (labels) guard.RequireFolder(Path.Combine(folder, "labels"));
        guard.AddInputs(images);
        HashSet<string> stems = new(images.Select(Stem), StringComparer.OrdinalIgnoreCase);
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string image in images)
        {
            string stem = Stem(image), name = stem;
            bool isFree = seen.Add(stem) && taken.Add(stem);
            for (int number = 2; !isFree; number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
                isFree = !stems.Contains(name) && taken.Add(name);
            }
            string extension = Path.GetExtension(image).Equals(".png", StringComparison.OrdinalIgnoreCase) ? ".png" : ".jpg";
            PredictionFile file = new(
                image, Path.Combine(folder, name + extension), labels ? Path.Combine(folder, "labels", name + ".txt") : null);
            guard.Require(file.Picture);
            if (file.Labels is not null) guard.Require(file.Labels);
            planned.Enqueue(file);
        }
    }

    /// <summary>The files of the next image of this path; images that come before it and could not be read are passed over.</summary>
    public PredictionFile Next(string image)
    {
        while (planned.TryDequeue(out PredictionFile? file))
        {
            if (file.Image == image) return file;
        }
        throw new InvalidOperationException($"'{image}' was not planned.");
    }

    /// <summary>Writes a file of an image, unless another program has put one there since.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="OutputException">It exists now and may not be replaced.</exception>
    public void Write(string path, Action<string> write)
    {
        guard.Require(path);
        write(path);
        guard.Written(path);
    }

    private static string Stem(string image) => Path.GetFileNameWithoutExtension(image);
}
