using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>
/// A folder with a network of a few thousand weights and the script lines that draw a dataset and build a model from it, so that a test
/// trains in a second.
/// </summary>
internal sealed class TinyTraining : IDisposable
{
    /// <summary>Defines $data, a drawn dataset, and $model, an untrained model of its two classes.</summary>
    public const string Prepare = """
        $data = (New-YoloSampleDataset data -Count 12 -ClassName circle, square -ImageSize 96 -Force).FullName
        $model = New-YoloModel tiny.yaml -ClassName circle, square
        $options = @{ Data = $data; Epochs = 2; ImageSize = 64; BatchSize = 4; Workers = 1; Precision = 'Float32'; NoPlots = $true }

        """;

    /// <summary>The network; its detect head looks at two levels.</summary>
    public const string Yaml = """
        nc: 2
        reg_max: 4
        scale: n
        scales:
          n: [1.0, 1.0, 1024]
        backbone:
          - [-1, 1, Conv, [8, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
        head:
          - [[2, 3], 1, Detect, [nc]]
        """;

    private readonly TemporaryFolder folder = new();

    public TinyTraining() => File.WriteAllText(Path.Combine(Folder, "tiny.yaml"), Yaml);

    public string Folder => folder.Path;

    /// <summary>A runspace in the folder, with $data, $model and $options.</summary>
    public ModuleHost Host()
    {
        ModuleHost host = new();
        host.Enter(Folder);
        HostResult result = host.Run(". { " + Prepare + " }");
        return result.Errors.Count == 0 ? host : throw new InvalidOperationException(string.Join("; ", result.Errors));
    }

    public void Dispose() => folder.Dispose();
}
