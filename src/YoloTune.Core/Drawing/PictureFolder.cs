using YoloTune.Basics;

namespace YoloTune.Drawing;

/// <summary>A folder that a command draws pictures into; one that is there already is replaced only where that was asked for.</summary>
/// <param name="path">The folder, a full path.</param>
/// <param name="force">Whether files that exist may be replaced.</param>
public sealed class PictureFolder(string path, bool force)
{
    private readonly OutputGuard guard = new(force, parameter: "-OutputPath");
    private readonly List<string> files = [];

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>What was drawn, full paths in order.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Names files that are read and may never be replaced.</summary>
    public void AddInputs(IEnumerable<string> paths) => guard.AddInputs(paths);

    /// <summary>Asks whether a picture may be written, before work is done for it.</summary>
    /// <exception cref="OutputException">It exists and may not be replaced, or is one of the inputs.</exception>
    public void Require(string name)
    {
        guard.RequireFolder(path);
        guard.Require(System.IO.Path.Combine(path, name));
    }

    /// <summary>Draws a picture.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="draw">Writes it to a path.</param>
    /// <exception cref="OutputException">It exists and may not be replaced.</exception>
    public void Draw(string name, Action<string> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        Require(name);
        string file = System.IO.Path.Combine(path, name);
        draw(file);
        guard.Written(file);
        files.Add(file);
    }
}
