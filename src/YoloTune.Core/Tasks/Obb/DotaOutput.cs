using System.Text;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Prediction;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// Collects found oriented boxes and writes them as DOTA's evaluation takes them: a file per class in a folder, and, where images are
/// tiles of larger ones, those of the large images in its folder <c>merged</c>.
/// </summary>
internal sealed class DotaOutput
{
    private const string MergedFolder = "merged", TileMark = "__";

    private readonly string folder;
    private readonly OutputGuard guard;
    private readonly List<DotaFiles.Found> boxes = [];
    private bool hasTiles;

    /// <summary>Asks whether the files may be written, before any image is looked at.</summary>
    /// <param name="folder">The folder, a full path.</param>
    /// <param name="classNames">The classes of the model.</param>
    /// <param name="force">Whether files that exist may be replaced.</param>
    /// <exception cref="OutputException">A file exists and may not be replaced.</exception>
    public DotaOutput(string folder, IEnumerable<string> classNames, bool force)
    {
        (this.folder, guard) = (folder, new(force, parameter: "-DotaPath"));
        guard.RequireFolder(folder);
        foreach (string name in classNames.Select(DotaFiles.NameOf))
        {
            guard.Require(Path.Combine(folder, name));
            guard.Require(Path.Combine(folder, MergedFolder, name));
        }
    }

    /// <summary>Adds what was found on an image.</summary>
    public void Add(ImagePrediction prediction)
    {
        string image = Path.GetFileNameWithoutExtension(prediction.Path);
        hasTiles |= image.Contains(TileMark, StringComparison.Ordinal);
        foreach (YoloDetection found in prediction.Detections)
            boxes.Add(new(image, found.ClassName, found.ClassId, (float)found.Confidence, BoxOf(found.Corners!)));
    }

    /// <summary>Writes the files.</summary>
    public void Save()
    {
        Write(folder, DotaFiles.Compose(boxes));
        if (hasTiles) Write(Path.Combine(folder, MergedFolder), DotaFiles.Merge(boxes));
    }

    // The corners go round from the end of the first side.
    private static OrientedBox BoxOf(IReadOnlyList<ImagePoint> corners)
    {
        (double x, double y) = (corners[1].X - corners[2].X, corners[1].Y - corners[2].Y);
        double height = Math.Sqrt(Math.Pow(corners[0].X - corners[1].X, 2) + Math.Pow(corners[0].Y - corners[1].Y, 2));
        return new(
            (float)corners.Average(corner => corner.X), (float)corners.Average(corner => corner.Y), (float)Math.Sqrt((x * x) + (y * y)),
            (float)height, (float)Math.Atan2(y, x));
    }

    private void Write(string target, IReadOnlyDictionary<string, string> files)
    {
        Directory.CreateDirectory(target);
        foreach ((string name, string text) in files)
        {
            string path = Path.Combine(target, name);
            guard.Require(path);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            AtomicFile.Write(path, stream => stream.Write(bytes));
            guard.Written(path);
        }
    }
}
