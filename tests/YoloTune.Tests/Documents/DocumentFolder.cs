using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Documents;

/// <summary>The files that documents speak of, made once; every document gets a copy of its own.</summary>
public sealed class DocumentFolder : IDisposable
{
    private readonly TemporaryFolder template = new();

    public DocumentFolder()
    {
        using ModuleHost host = new();
        host.Set("folder", template.Path);
        host.Set("shared", Shared);
        HostResult result = host.Run($". '{Script("Folder.ps1")}'; Initialize-DocumentFolder $folder $shared");
        if (result.Errors.Count > 0) throw new InvalidOperationException($"The folder was not made: {string.Join("; ", result.Errors)}");
    }

    /// <summary>The data beside the checkout; it need not be there.</summary>
    public static string Shared { get; } = Environment.GetEnvironmentVariable("YOLOTUNE_SHARED")
        ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared"));

    /// <summary>Whether yolo11n.pt holds the real weights, so that what documents show can be compared.</summary>
    public static bool HasRealWeights { get; } = File.Exists(Path.Combine(Shared, "data", "weights", "yolo11n.pt"));

    /// <summary>A script of tests/Documents.</summary>
    public static string Script(string name) =>
        Path.Combine(Repository.Root, "tests", "Documents", name).Replace("'", "''", StringComparison.Ordinal);

    /// <summary>Copies the files to another folder.</summary>
    public void CopyTo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(template.Path, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(template.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => template.Dispose();
}
