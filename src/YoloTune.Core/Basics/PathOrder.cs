namespace YoloTune.Basics;

/// <summary>
/// The order of files that is the same on all systems: by code units, with Windows' separator taken for the others'. A dataset's images
/// have this order, and with it a seed gives the same epochs everywhere.
/// </summary>
public sealed class PathOrder : IComparer<string>
{
    private readonly bool backslashes;

    private PathOrder(bool backslashes) => this.backslashes = backslashes;

    /// <summary>The order for paths of this system.</summary>
    public static PathOrder Native { get; } = OperatingSystem.IsWindows() ? new(true) : new(false);

    /// <summary>The order for paths of Windows, wherever this runs.</summary>
    internal static PathOrder Windows { get; } = new(true);

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (!backslashes || x is null || y is null) return string.CompareOrdinal(x, y);
        int shared = Math.Min(x.Length, y.Length);
        for (int i = 0; i < shared; i++)
        {
            int difference = Unified(x[i]) - Unified(y[i]);
            if (difference != 0) return difference;
        }
        return x.Length - y.Length;
    }

    private static char Unified(char letter) => letter == '\\' ? '/' : letter;
}
