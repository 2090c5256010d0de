using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>
/// Says that a training is at work in a run's folder, to others of this process and of this machine. The system takes it away with the
/// process, so that a run that was killed can be resumed at once; the file goes with it when the run ends.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = "run.lock";

    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the folder, which exists; null where another training has it.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static RunLock? TryTake(string folder)
    {
        try
        {
            string path = Path.Combine(folder, FileName);
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Takes the folder of a run that goes on.</summary>
    /// <exception cref="TrainingException">Another training has it.</exception>
    public static RunLock Take(string folder)
    {
        RunLock? taken = null;
        RunFolder.Guard(folder, () => taken = TryTake(folder));
        return taken ?? throw new TrainingException("another training is at work in this folder.", folder,
            remedy: "Let it end or stop it first; a new run takes a folder of its own.");
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => file.Dispose();
}
