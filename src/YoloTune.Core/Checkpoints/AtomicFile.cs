namespace YoloTune.Checkpoints;

/// <summary>Writes files so that they are either complete or not there.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file beside the target, brings it to the disk and renames it; a failure leaves the target as it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
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

    /// <summary>Copies a file so that the copy is either complete or not there.</summary>
    public static void Copy(string source, string path) => Write(path, target =>
    {
        using FileStream content = File.OpenRead(source);
        content.CopyTo(target);
    });
}
