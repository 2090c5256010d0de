using TorchSharp;
using YoloTune.Basics;
using YoloTune.DatasetTools.Samples;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training.Run;

/// <summary>A drawn dataset of two classes and a model small enough to be trained in a second.</summary>
internal sealed class TinyRun : IDisposable
{
    public static readonly string[] Classes = ["circle", "square"];

    private const string Yaml = """
        nc: 2
        reg_max: 4
        scale: n
        scales:
          n: [1.0, 1.0, 1024]
        backbone:
          - [-1, 1, Conv, [8, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, C2f, [16, True]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
        head:
          - [[3, 4], 1, HEAD, [nc]]
        """;

    private readonly string root = Directory.CreateTempSubdirectory("yolotune [模型] run ").FullName;

    public TinyRun(int images = 20) => Data = Dataset("data", images, Classes);

    /// <summary>The dataset's YAML file.</summary>
    public string Data { get; }

    public List<string> Warnings { get; } = [];

    public List<TrainingProgress> Progress { get; } = [];

    public TrainingHooks Hooks => new() { Warning = Warnings.Add, Progress = new Recorder(Progress) };

    /// <summary>Draws a dataset of other classes into a folder of its own and gives its YAML file.</summary>
    public string Dataset(string name, int images, params string[] classes) => SampleDataset.Create(
        Path.Combine(root, name), new() { Count = images, ClassNames = classes, ImageSize = 96, LargestObjectCount = 2 }).File;

    public string Folder(string name) => Path.Combine(root, name);

    public static YoloModel Model(long seed = 0, string head = "Detect") =>
        YoloModel.Create(ModelDefinition.Parse(Yaml.Replace("HEAD", head, StringComparison.Ordinal), "tiny.yaml"), Classes, seed: seed);

    public RunOptions Options(int epochs = 2, Precision precision = Precision.Float32, string folder = "train") => new()
    {
        Data = Data,
        OutputPath = Folder(folder),
        Training = new()
        {
            Epochs = epochs,
            ImageSize = 64,
            BatchSize = 4,
            NominalBatchSize = 8,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 0.002,
            Precision = precision,
            Plots = false,
            CloseMosaic = 1,
            Workers = 1,
        },
    };

    /// <summary>The values of all items, independent of the model.</summary>
    public static Dictionary<string, byte[]> Values(YoloModel model) => model.Items.ToDictionary(item => item.Name, item =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return item.Tensor.detach().contiguous().bytes.ToArray();
    });

    public void Dispose() => Directory.Delete(root, recursive: true);

    private sealed class Recorder(List<TrainingProgress> list) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => list.Add(value);
    }
}
