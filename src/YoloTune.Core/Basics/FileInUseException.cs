namespace YoloTune.Basics;

/// <summary>A file cannot be replaced or read because another program has it open, and it stayed open while we waited.</summary>
public sealed class FileInUseException : IOException
{
    /// <summary>Names the file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="inner">What the system said.</param>
    public FileInUseException(string path, Exception inner)
        : base($"'{path}' is open in another program{Doubt(inner)}. Close it there and try again.", inner) => File = path;

    /// <summary>The full path of the file.</summary>
    public string File { get; }

    // Windows says "access denied" for both.
    private static string Doubt(Exception inner) => inner is UnauthorizedAccessException ? " or may not be written to" : "";
}
