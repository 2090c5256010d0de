using System.ComponentModel;
using System.Diagnostics;

namespace YoloTune.Commands.Base;

/// <summary>The desktop of the user, where there is one.</summary>
internal static class Desktop
{
    /// <summary>Whether a window can be opened: not in a service, and not in a terminal of another machine.</summary>
    public static bool IsThere => OperatingSystem.IsWindows() ? Environment.UserInteractive && !IsRemote
        : OperatingSystem.IsMacOS() ? !IsRemote
        : Has("DISPLAY") || Has("WAYLAND_DISPLAY");

    private static bool IsRemote => Has("SSH_CONNECTION");

    /// <summary>Opens a file with the program that the system has for it.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static void Open(string path)
    {
        try
        {
            Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception error) when (error is Win32Exception or PlatformNotSupportedException)
        {
            throw new IOException($"'{path}' cannot be opened: {error.Message} Open it with a program of your own.", error);
        }
    }

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
