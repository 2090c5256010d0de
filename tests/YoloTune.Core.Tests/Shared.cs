using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Files.SafeTensors;

namespace YoloTune.Tests;

/// <summary>The reference numbers and data beside the checkout; a test that needs them is skipped where they are absent.</summary>
internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// The full path of a file or folder under shared/, such as "reference/models/rows.json". Skips the test when it is absent.
    /// </summary>
    public static string Path(string relative)
    {
        string root = Environment.GetEnvironmentVariable("YOLOTUNE_SHARED")
            ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository, "..", "shared"));
        string path = System.IO.Path.Combine(root, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));
        Skip.IfNot(File.Exists(path) || Directory.Exists(path), $"{relative} is not there: the shared folder was not found.");
        return path;
    }

    /// <summary>A JSON document under shared/; the caller disposes it.</summary>
    public static JsonDocument Json(string relative) => JsonDocument.Parse(File.ReadAllBytes(Path(relative)));

    /// <summary>All tensors of a safetensors file under shared/.</summary>
    public static IReadOnlyDictionary<string, torch.Tensor> Tensors(string relative) => SafeTensorsFile.Read(Path(relative));

    private static string FindRepository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "YoloTune.sln"))) return folder;
        }
        throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
