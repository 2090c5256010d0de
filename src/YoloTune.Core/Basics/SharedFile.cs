using System.Text;
using Microsoft.Win32.SafeHandles;

namespace YoloTune.Basics;

/// <summary>
/// Opens files for reading without locking others out: other programs may write, replace and delete what is read here, and a
/// file that another program has open for writing can be read. All of YoloTune reads files this way. .NET's own shorthands
/// (File.ReadAllText and so on) keep others from writing, which on Windows ends a training whose results are looked at.
/// </summary>
internal static class SharedFile
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    // A file that is being replaced cannot be opened for an instant.
    private const int Attempts = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens a file as a stream.</summary>
    public static FileStream Open(string path, int bufferSize = 1 << 14) =>
        Try(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, All, bufferSize));

    /// <summary>Opens a file as a handle.</summary>
    public static SafeFileHandle OpenHandle(string path, FileOptions options = FileOptions.RandomAccess) =>
        Try(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, All, options));

    /// <summary>All bytes of a file.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using FileStream stream = Open(path, bufferSize: 0);
        using MemoryStream content = new(stream.CanSeek ? (int)Math.Min(stream.Length, Array.MaxLength) : 0);
        stream.CopyTo(content);
        return content.Capacity == content.Length ? content.GetBuffer() : content.ToArray();
    }

    /// <summary>The text of a file, UTF-8 unless it begins with another byte-order mark.</summary>
    public static string ReadAllText(string path)
    {
        using StreamReader reader = new(Open(path), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a file, read as they are asked for.</summary>
    public static IEnumerable<string> ReadLines(string path)
    {
        using StreamReader reader = new(Open(path), Encoding.UTF8);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static T Try<T>(string path, Func<T> open)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return open();
            }
            catch (Exception error) when (FileLayer.Current.IsHeld(error, path))
            {
                // What may not be read stays so, and the system says that better.
                if (attempt == Attempts && error is UnauthorizedAccessException) throw;
                if (attempt == Attempts) throw new FileInUseException(Path.GetFullPath(path), error);
            }
            FileLayer.Current.Wait(Pause);
        }
    }
}
