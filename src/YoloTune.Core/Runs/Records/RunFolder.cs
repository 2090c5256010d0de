using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>The names of what lies in a run's folder, and the lock of the training that is at work in it.</summary>
internal sealed class RunFolder(string path) : IDisposable
{
    private RunLock? taken;

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

    /// <summary>
    /// The first free folder of a name, taken: runs/train, runs/train2, runs/train3. Of several trainings that begin at the same moment
    /// each gets its own.
    /// </summary>
    /// <exception cref="TrainingException">The folder cannot be made.</exception>
    public static RunFolder Create(string wanted)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(wanted));
        string free = full;
        for (int number = 2; ; number++)
        {
            if (!System.IO.Path.Exists(free) || IsEmpty(free))
            {
                RunFolder folder = new(free);
                Guard(folder.Path, () =>
                {
                    Directory.CreateDirectory(folder.Path);
                    folder.taken = RunLock.TryTake(folder.Path);
                });
                // Another may have been faster, and may even have ended already.
                if (folder.taken is not null && IsEmpty(free))
                {
                    Guard(folder.Path, () => Directory.CreateDirectory(folder.Weights));
                    return folder;
                }
                folder.Dispose();
            }
            free = full + number.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The folder of a run that goes on, taken.</summary>
    /// <exception cref="TrainingException">Another training is at work in it, or it cannot be written to.</exception>
    public static RunFolder Open(string path)
    {
        RunFolder folder = new(path);
        if (!Directory.Exists(folder.Weights))
        {
            throw new TrainingException("the folder holds no run that can be resumed.", folder.Path,
                remedy: "Give the folder of a run, the one with args.yaml and weights in it.");
        }
        folder.taken = RunLock.Take(folder.Path);
        return folder;
    }

    /// <summary>Creates the folder again where it was removed; true where that was so.</summary>
    /// <exception cref="TrainingException">It cannot be made.</exception>
    public bool Restore()
    {
        if (Directory.Exists(Weights)) return false;
        Guard(Path, () =>
        {
            Directory.CreateDirectory(Weights);
            taken?.Dispose();
            taken = RunLock.TryTake(Path);
        });
        return true;
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => taken?.Dispose();

    private static bool IsEmpty(string folder) => Directory.Exists(folder)
        && Directory.EnumerateFileSystemEntries(folder).All(entry => System.IO.Path.GetFileName(entry) == RunLock.FileName);

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
        catch (FileInUseException error)
        {
            throw new TrainingException(
                "The file is open in another program, so that the run cannot be saved.", error.File,
                remedy: "Close it there; Resume-YoloTraining goes on from the last checkpoint.", inner: error);
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
