using System.Collections.ObjectModel;
using System.Management.Automation;

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
                found.AddRange(Existing(path));
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
    public string One(string path)
    {
        IReadOnlyList<string> found = Existing(path);
        return found.Count == 1
            ? found[0]
            : throw new FileNotFoundException($"'{path}' names {found.Count} files and one is wanted. Give one path.", path);
    }

    /// <summary>The path of an output file or folder, which need not be there. Wildcard characters have no meaning in it.</summary>
    /// <exception cref="IOException">The path is not one of the file system, or its drive is not there.</exception>
    public string Output(string path)
    {
        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            RequireFileSystem(path, provider);
            return Path.GetFullPath(full);
        }
        catch (Exception exception) when (exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw new IOException($"'{path}': {exception.Message} Give a path of the file system.", exception);
        }
    }

    private IReadOnlyList<string> Existing(string path)
    {
        string literal = Output(path);
        if (File.Exists(literal) || Directory.Exists(literal)) return [literal];
        FileNotFoundException nothing = new($"'{path}' names no file or folder ('{literal}' is not there). Check the path.", path);
        if (!WildcardPattern.ContainsWildcardCharacters(path)) throw nothing;
        try
        {
            Collection<string> matches = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
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
