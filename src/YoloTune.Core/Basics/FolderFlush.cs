using System.Runtime.InteropServices;

namespace YoloTune.Basics;

/// <summary>
/// Brings the entries of a folder to the disk, which .NET has no call for. On Linux and macOS a rename is complete only then; Windows
/// writes the names of NTFS through its own journal and has no such call.
/// </summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Flushes a folder. A file system that cannot (some network shares) is left as it is: the file itself has been flushed.
    /// </summary>
    public static void Try(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
