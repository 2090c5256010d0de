using System.Collections.ObjectModel;
using System.Management.Automation;
using YoloTune.Basics;

namespace YoloTune.Commands.Base;

/// <summary>
/// Turns paths as users type them (relative to PowerShell's location, with a drive of PowerShell, a leading ~ or wildcards) into full
/// paths of the file system.
/// </summary>
public sealed class PathResolver
{
    private readonly YoloCmdlet cmdlet;

    internal PathResolver(YoloCmdlet cmdlet) => this.cmdlet = cmdlet;

    /// <summary>
    /// The existing files and folders that the paths name, wildcards included, in the order given. A path that is there as it stands is
    /// taken literally, so that <c>bus[1].jpg</c> needs no escape. A path that names nothing gets the error PathNotFound and is left out.
    /// </summary>
    public IReadOnlyList<string> Existing(IEnumerable<string> paths)
    {
        List<string> found = [];
        foreach (string path in paths)
        {
            try
            {
                found.AddRange(Existing(cmdlet.SessionState.Path, path));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                cmdlet.WriteError(exception, path);
            }
        }
        return found;
    }

    /// <summary>The one existing file or folder that the path names.</summary>
    /// <exception cref="FileNotFoundException">Nothing is there, or the wildcards match several.</exception>
    public string One(string path) => One(cmdlet.SessionState.Path, path);

    /// <summary>The same without a cmdlet, for transformations of arguments.</summary>
    /// <inheritdoc cref="One(string)"/>
    internal static string One(PathIntrinsics session, string path)
    {
        IReadOnlyList<string> found = Existing(session, path);
        return found.Count == 1
            ? found[0]
            : throw new FileNotFoundException($"'{path}' names {found.Count} files and one is wanted. Give one path.", path);
    }

    /// <summary>The one existing file that the path names, or the path as it stands where none is there.</summary>
    internal static string OneOrLiteral(PathIntrinsics session, string path)
    {
        try
        {
            return One(session, path);
        }
        catch (FileNotFoundException)
        {
            return Full(session, path);
        }
    }

    /// <summary>The path of an output file or folder, which need not be there. Wildcard characters have no meaning in it.</summary>
    /// <exception cref="IOException">The path is not one of the file system, or its drive is not there.</exception>
    public string Output(string path) => Full(cmdlet.SessionState.Path, path);

    /// <summary>The path of a file to write, whose folder is there.</summary>
    /// <exception cref="IOException">Its folder is missing, or a folder or a device has its name.</exception>
    public string OutputFile(string path)
    {
        string full = Output(path);
        RequireNoDevice(path, full);
        if (Directory.Exists(full))
        {
            throw new IOException(
                $"'{full}' is a folder, and a file is to be written. Give the path of a file, such as '{Path.Combine(full, "best.pt")}'.");
        }
        string folder = Path.GetDirectoryName(full)!;
        RequireNoFile(folder);
        return Directory.Exists(folder) ? full : throw new DirectoryNotFoundException(
            $"'{full}' cannot be written: the folder '{folder}' is not there. "
            + $"Create it (New-Item -ItemType Directory '{folder}'), or give another path.");
    }

    /// <summary>The path of a folder to write to, which need not be there.</summary>
    /// <exception cref="IOException">A file or a device has its name.</exception>
    public string OutputFolder(string path)
    {
        string full = Output(path);
        RequireNoDevice(path, full);
        RequireNoFile(full);
        return full;
    }

    private static void RequireNoDevice(string path, string full)
    {
        bool windows = OperatingSystem.IsWindows();
        if ((DeviceNames.In(path, windows) ?? DeviceNames.In(full, windows)) is not { } device) return;
        throw new IOException($"'{path}' cannot be written: '{device}' is the name of a device on this system. Give another name.");
    }

    private static void RequireNoFile(string folder)
    {
        for (string? part = folder; part is not null && !Directory.Exists(part); part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                throw new IOException(
                    $"'{part}' is a file, and a folder of that name is needed. Give another path, or move the file away.");
        }
    }

    private static string Full(PathIntrinsics session, string path)
    {
        try
        {
            string full = session.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            RequireFileSystem(path, provider);
            return Path.GetFullPath(full);
        }
        catch (Exception exception) when (exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw new IOException($"'{path}': {exception.Message} Give a path of the file system.", exception);
        }
    }

    private static IReadOnlyList<string> Existing(PathIntrinsics session, string path)
    {
        string literal = Full(session, path);
        if (File.Exists(literal) || Directory.Exists(literal)) return [literal];
        // Completion writes the brackets of bus[1].jpg with backticks before them.
        string unescaped = Full(session, WildcardPattern.Unescape(path));
        if (File.Exists(unescaped) || Directory.Exists(unescaped)) return [unescaped];
        FileNotFoundException nothing = new($"'{path}' names no file or folder ('{literal}' is not there). Check the path.", path);
        if (!WildcardPattern.ContainsWildcardCharacters(path)) throw nothing;
        try
        {
            Collection<string> matches = session.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RequireFileSystem(path, provider);
            return matches.Count > 0 ? matches : throw nothing;
        }
        catch (Exception exception) when (exception is ItemNotFoundException or WildcardPatternException)
        {
            throw nothing;
        }
    }

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name == "FileSystem") return;
        throw new IOException($"'{path}' lies in the provider {provider.Name}. Give a path of the file system.");
    }
}
