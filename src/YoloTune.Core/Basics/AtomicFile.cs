namespace YoloTune.Basics;

/// <summary>
/// Writes files so that they are either complete or not there. Windows does not let a file be replaced while another program has it
/// open, be it a virus scanner that looks at it for a moment: then the replacement is tried again for some ten seconds.
/// </summary>
internal static class AtomicFile
{
    private const string Extension = ".tmp";

    /// <summary>How long a file that another program has open is waited for, and the pause between two attempts.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(100);

    private static readonly AsyncLocal<bool> Hurried = new();

    /// <summary>
    /// Writes to a temporary file beside the target, brings it to the disk and renames it; a failure leaves the target as it was.
    /// </summary>
    /// <exception cref="FileInUseException">Another program has the target open, and kept it open.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Guid.NewGuid():N}{Extension}");
        try
        {
            using (Stream stream = FileLayer.Current.Create(temporary))
            {
                write(stream);
                FileLayer.Current.Flush(stream);
            }
            Move(temporary, target);
        }
        catch (Exception error)
        {
            Discard(temporary);
            if (Named(error, temporary, target) is { } named) throw named;
            throw;
        }
    }

    /// <summary>Gives a complete file another name, in place of the file of that name.</summary>
    /// <exception cref="FileInUseException">Another program has one of them open, and kept it open.</exception>
    /// <remarks>The new name is on the disk as well when this returns, so that a power cut cannot bring the old file back.</remarks>
    public static void Move(string source, string target) => Retry(target, files =>
    {
        files.Replace(source, target);
        files.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
    });

    /// <summary>Gives a folder another name, which is free.</summary>
    /// <exception cref="FileInUseException">Another program has a file in it open, and kept it open.</exception>
    public static void MoveFolder(string source, string target) => Retry(source, files => files.MoveFolder(source, target));

    /// <summary>Until this is disposed, a file that is open elsewhere is not waited for.</summary>
    public static IDisposable WithoutWaiting()
    {
        Hurried.Value = true;
        return new Hurry();
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
        using FileStream content = SharedFile.Open(source);
        content.CopyTo(target);
    });

    private static void Retry(string place, Action<FileLayer> attempt)
    {
        FileLayer files = FileLayer.Current;
        TimeSpan most = Hurried.Value ? TimeSpan.Zero : Patience;
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                attempt(files);
                return;
            }
            catch (Exception error) when (files.IsHeld(error, place))
            {
                if (waited >= most) throw new FileInUseException(Path.GetFullPath(place), error);
            }
            files.Wait(Pause);
        }
    }

    /// <summary>Removes a temporary file; one that cannot be removed is no reason to hide why it is no longer wanted.</summary>
    public static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // RemoveLeftovers takes it away when the run goes on.
        }
    }

    // The system names the temporary file, which says nothing to a person.
    private static Exception? Named(Exception error, string temporary, string target)
    {
        if (!error.Message.Contains(temporary, StringComparison.Ordinal)) return null;
        string message = error.Message.Replace(temporary, target, StringComparison.Ordinal);
        return error switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(message, error),
            DirectoryNotFoundException => new DirectoryNotFoundException(message, error),
            IOException when error.GetType() == typeof(IOException) => new IOException(message, error) { HResult = error.HResult },
            _ => null,
        };
    }

    private sealed class Hurry : IDisposable
    {
        public void Dispose() => Hurried.Value = false;
    }
}
