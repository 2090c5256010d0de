namespace YoloTune.Basics;

/// <summary>Names that stand for devices and not for files: nul, con and the like on Windows, /dev/null elsewhere.</summary>
public static class DeviceNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>
    /// The part of a path that names a device, or null. On Windows an extension does not change that: nul.pt is the device too.
    /// </summary>
    public static string? In(string path, bool windows)
    {
        if (!windows) return path.StartsWith("/dev/", StringComparison.Ordinal) ? path : null;
        if (path.StartsWith(@"\\.\", StringComparison.Ordinal)) return path;
        return path.Split('\\', '/').FirstOrDefault(part => Reserved.Contains(part.Split('.', ':')[0].TrimEnd(' ')));
    }
}
