namespace YoloTune.Specs;

/// <summary>
/// Runs each file when the first of its specs is asked for, all files in one PowerShell; where a file takes the process with it, the next
/// one gets a new process.
/// </summary>
public sealed class SpecRunner : IDisposable
{
    private readonly Dictionary<string, FileResult> finished = [];
    private SpecWorker? worker;

    /// <summary>The results of one file.</summary>
    internal async Task<FileResult> RunAsync(string path)
    {
        if (finished.TryGetValue(path, out FileResult? known)) return known;
        worker ??= new();
        FileResult result = await worker.RunAsync(path);
        if (worker.HasExited)
        {
            worker.Dispose();
            worker = null;
        }
        return finished[path] = result;
    }

    public void Dispose() => worker?.Dispose();
}
