using System.Globalization;

namespace YoloTune.Training.Run;

/// <summary>The names of what lies in a run's folder.</summary>
internal sealed class RunFolder(string path)
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Arguments => File("args.yaml");

    public string Results => File("results.csv");

    public string Record => File("run.json");

    public string Weights => File("weights");

    /// <summary>The outputs of frozen layers while a stage that keeps them on the disk runs.</summary>
    public string Features => File("features.tmp");

    public string Best => System.IO.Path.Combine(Weights, "best.pt");

    public string Last => System.IO.Path.Combine(Weights, "last.pt");

    /// <summary>The first free folder of a name: runs/train, runs/train2, runs/train3.</summary>
    /// <exception cref="TrainingException">The folder cannot be made.</exception>
    public static RunFolder Create(string wanted)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(wanted));
        string free = full;
        for (int number = 2; System.IO.Path.Exists(free); number++)
        {
            bool empty = Directory.Exists(free) && !Directory.EnumerateFileSystemEntries(free).Any();
            if (empty) break;
            free = full + number.ToString(CultureInfo.InvariantCulture);
        }
        RunFolder folder = new(free);
        Guard(folder.Path, () => Directory.CreateDirectory(folder.Weights));
        return folder;
    }

    /// <summary>A file of the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The checkpoint of an epoch that is kept for good.</summary>
    public string Epoch(int epoch) =>
        System.IO.Path.Combine(Weights, "epoch" + epoch.ToString(CultureInfo.InvariantCulture) + ".pt");

    /// <summary>Writes something; what the system says against it becomes an error with a remedy.</summary>
    /// <exception cref="TrainingException">The disk is full, or the folder cannot be written to.</exception>
    public static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new TrainingException(
                "the run's folder cannot be written to: " + error.Message, path,
                remedy: "Choose another folder with -OutputPath.", inner: error);
        }
        catch (IOException error)
        {
            throw new TrainingException(
                "the run's files cannot be written: " + error.Message, path,
                remedy: "Make room on the disk or choose another one with -OutputPath; "
                    + "Resume-YoloTraining goes on from the last checkpoint.",
                inner: error);
        }
    }
}
