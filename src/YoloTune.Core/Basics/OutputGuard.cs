namespace YoloTune.Basics;

/// <summary>
/// The one rule for files that a command writes: an output is never one of its inputs; a file that this call of the command did not write
/// is replaced only with <c>-Force</c>; nothing is deleted on the side. Only what was written in this call counts as the command's own:
/// a second call into the same folder needs <c>-Force</c>. Links are followed, so that one file under two names is one file.
/// </summary>
public sealed class OutputGuard
{
    private readonly bool force;
    private readonly string parameter;
    private readonly HashSet<string> inputs = new(RealPath.Comparer);
    private readonly HashSet<string> written = new(RealPath.Comparer);

    /// <param name="force">Whether files that exist may be replaced.</param>
    /// <param name="inputs">Files that the command reads; null when there are none.</param>
    /// <param name="parameter">What the user gives another value to: "path", or the name of the parameter.</param>
    public OutputGuard(bool force, IEnumerable<string>? inputs = null, string parameter = "path")
    {
        (this.force, this.parameter) = (force, parameter);
        AddInputs(inputs ?? []);
    }

    /// <summary>Whether something has this name already: a file, a folder, or a link even where it leads nowhere.</summary>
    public static bool IsTaken(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Whether a path leads to a folder itself or to something below it.</summary>
    public static bool IsIn(string folder, string path) => RealPath.IsIn(folder, path);

    /// <summary>Names more files that the command reads.</summary>
    public void AddInputs(IEnumerable<string> paths) => inputs.UnionWith(paths.Select(RealPath.Of));

    /// <summary>Asks whether a file may be written.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="OutputException">It is an input, a folder, or exists and may not be replaced.</exception>
    public void Require(string path)
    {
        string real = RealPath.Of(path);
        if (inputs.Contains(real))
        {
            throw new OutputException(
                "the output would replace a file that is read here.", path, $"Give another {parameter}.", isInput: true);
        }
        if (Directory.Exists(path))
            throw new OutputException("it is a folder, and a file is to be written.", path, $"Give another {parameter}.");
        if (!force && !written.Contains(real) && IsTaken(path))
            throw new OutputException("it exists already.", path, $"Give another {parameter}, or -Force to replace it.");
    }

    /// <summary>Asks whether a folder for outputs can be used: it may be there or not, but no file may have its name.</summary>
    /// <exception cref="OutputException">A file has its name.</exception>
    public void RequireFolder(string path)
    {
        if (File.Exists(path)) throw new OutputException("it is a file, and a folder is wanted.", path, $"Give another {parameter}.");
    }

    /// <summary>Says that the file was written now, so that the same call may write it again.</summary>
    public void Written(string path) => written.Add(RealPath.Of(path));
}
