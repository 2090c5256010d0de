namespace YoloTune.Basics;

/// <summary>
/// What writing a file asks of the system. Tests put another one there: a disk that is full, a file that another program holds.
/// </summary>
internal class FileLayer
{
    // Windows' own codes, as IOException.HResult carries them.
    private const int SharingViolation = unchecked((int)0x80070020), LockViolation = unchecked((int)0x80070021);
    private const int UserMappedFile = unchecked((int)0x800704C8), AccessDenied = unchecked((int)0x80070005);

    private static readonly FileLayer System = new();
    private static readonly AsyncLocal<FileLayer?> Chosen = new();

    /// <summary>The layer in use. What a test sets here holds for its own flow of work only; null is the system's own.</summary>
    public static FileLayer Current
    {
        get => Chosen.Value ?? System;
        set => Chosen.Value = value == System ? null : value;
    }

    /// <summary>Creates a file that is not there yet, for writing and reading.</summary>
    public virtual Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);

    /// <summary>Brings what was written to the disk.</summary>
    public virtual void Flush(Stream stream)
    {
        if (stream is FileStream file) file.Flush(flushToDisk: true);
        else stream.Flush();
    }

    /// <summary>Gives a file another name, in place of the file of that name; one attempt.</summary>
    public virtual void Replace(string source, string target) => File.Move(source, target, overwrite: true);

    /// <summary>Brings the names of a folder's files to the disk.</summary>
    public virtual void FlushFolder(string folder) => FolderFlush.Try(folder);

    /// <summary>Gives a folder another name, which is free; one attempt.</summary>
    public virtual void MoveFolder(string source, string target) => Directory.Move(source, target);

    /// <summary>
    /// Whether an error says that another program has the file, or a file of the folder, open, so that a later attempt may succeed.
    /// Windows reports that as "access denied" too, so there only a file marked as read-only is not waited for.
    /// </summary>
    public virtual bool IsHeld(Exception error, string path) => error.HResult switch
    {
        SharingViolation or LockViolation or UserMappedFile => error is IOException,
        AccessDenied => OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReadOnly) == 0,
        _ => false,
    };

    /// <summary>Waits between two attempts.</summary>
    public virtual void Wait(TimeSpan time) => Thread.Sleep(time);
}
