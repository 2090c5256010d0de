namespace YoloTune.Commands.Tests.Hosting;

/// <summary>A folder of its own for one test, with a name that paths handled carelessly break on.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(),
            $"yolo tune [{Guid.NewGuid():N}] 模型")).FullName;
    }

    public string Path { get; }

    /// <summary>The full path of a file in the folder; makes the file when it has a text.</summary>
    public string File(string name, string? text = null)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (text is not null) System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
