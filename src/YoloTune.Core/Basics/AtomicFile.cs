namespace YoloTune.Basics;

/// <summary>Writes files so that they are either complete or not there.</summary>
internal static class AtomicFile
{
    private const string Extension = ".tmp";

    /// <summary>What stands between the writer and the file; tests put a disk there that is full.</summary>
    internal static AsyncLocal<Func<Stream, Stream>?> Between { get; } = new();

    /// <summary>
    /// Writes to a temporary file beside the target, brings it to the disk and renames it; a failure leaves the target as it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Guid.NewGuid():N}{Extension}");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(Between.Value?.Invoke(stream) ?? stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what a killed process left of files it was writing, from a folder that no other process writes to.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension, SearchOption.AllDirectories))
        {
            string name = Path.GetFileName(path)[1..^Extension.Length];
            if (Guid.TryParseExact(name, "N", out _)) File.Delete(path);
        }
    }

    /// <summary>Copies a file so that the copy is either complete or not there.</summary>
    public static void Copy(string source, string path) => Write(path, target =>
    {
        using FileStream content = File.OpenRead(source);
        content.CopyTo(target);
    });
}
