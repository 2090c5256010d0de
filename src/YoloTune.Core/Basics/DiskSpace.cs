using System.Runtime.InteropServices;

namespace YoloTune.Basics;

/// <summary>How much of a disk is free.</summary>
internal static class DiskSpace
{
    /// <summary>
    /// Bytes that this user may still write below a folder, which exists. Where the system does not say, as some network shares do not,
    /// there is no limit: what does not fit is then found out in writing it.
    /// </summary>
    public static long Free(string folder)
    {
        string full = Path.GetFullPath(folder);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // DriveInfo knows letters only, and neither \\server\share nor \\?\C:\.
                string place = Path.EndsInDirectorySeparator(full) ? full : full + Path.DirectorySeparatorChar;
                return FreeBytes(place, out ulong free, 0, 0) ? (long)Math.Min(free, long.MaxValue) : long.MaxValue;
            }
            DriveInfo drive = new(full);
            // A file system of the kernel has no size at all; why nothing can be written there, writing will tell.
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : long.MaxValue;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    [DllImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FreeBytes(string folder, out ulong free, nint total, nint totalFree);
}
