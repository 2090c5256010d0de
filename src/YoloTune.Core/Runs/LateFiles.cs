using YoloTune.Basics;

namespace YoloTune.Runs;

/// <summary>
/// The files of a run that it can do without for a while, because the checkpoint holds what is in them: the table, the record, the last
/// weights. One that another program keeps open is left as it was, with one warning, and is written after the next epoch.
/// </summary>
internal sealed class LateFiles(TrainingHooks hooks)
{
    private readonly Dictionary<string, Action> late = new(StringComparer.Ordinal);

    /// <summary>Writes a file; a file that was held the last time is not waited for again. False where it is late.</summary>
    /// <param name="path">The file, for the warning.</param>
    /// <param name="write">Writes the file as it should be at the time of the call.</param>
    public bool Write(string path, Action write)
    {
        bool wasLate = late.ContainsKey(path);
        using IDisposable? hurry = wasLate ? AtomicFile.WithoutWaiting() : null;
        if (TryWrite(path, write))
        {
            if (late.Remove(path)) hooks.Message?.Invoke($"'{path}' is up to date again.");
            return true;
        }
        late[path] = write;
        if (!wasLate)
            hooks.Warning?.Invoke($"'{path}' is open in another program and was not updated. It is written after the next epoch.");
        return false;
    }

    /// <summary>Writes what is late, at the end of a run, and waits for it.</summary>
    /// <param name="except">A file that is still to be written.</param>
    public void WriteLast(string except)
    {
        foreach ((string path, Action write) in late.Where(entry => entry.Key != except).ToArray()) WriteLast(path, write);
    }

    /// <summary>Writes a file for the last time, and waits for it.</summary>
    public void WriteLast(string path, Action write)
    {
        late.Remove(path);
        if (TryWrite(path, write)) return;
        hooks.Warning?.Invoke(
            $"'{path}' is open in another program: it lacks the end of the run, and all other files of the run are complete. "
            + "Close it there before you start the next run.");
    }

    private static bool TryWrite(string path, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is FileInUseException || FileLayer.Current.IsHeld(error, path))
        {
            return false;
        }
    }
}
