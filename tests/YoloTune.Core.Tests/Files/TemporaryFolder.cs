namespace YoloTune.Tests.Files;

/// <summary>A folder for one test, with a name as awkward as users' folders are.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("yolotune [模型] ").FullName;

    public string File(string name) => System.IO.Path.Combine(path, name);

    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public IReadOnlyList<string> Names =>
        [.. Directory.GetFileSystemEntries(path).Select(name => System.IO.Path.GetFileName(name)!).Order()];

    public void Dispose() => Directory.Delete(path, recursive: true);
}
