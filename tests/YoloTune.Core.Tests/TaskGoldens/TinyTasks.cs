using YoloTune.DatasetTools.Samples;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>A network of a few thousand weights and drawn datasets for every task but detection.</summary>
internal static class TinyTasks
{
    private const string Yaml = """
        nc: 2
        reg_max: 4
        kpt_shape: [3, 3]
        scale: n
        scales:
          n: [1.0, 1.0, 1024]
        backbone:
          - [-1, 1, Conv, [8, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
        head:
          - [[2, 3], 1, HEAD]
        """;

    public static IReadOnlyList<string> Names => ["Segment", "Pose", "Obb", "Classify"];

    public static YoloModel Model(string task, IReadOnlyList<string> classes, long seed = 0)
    {
        string yaml = task switch
        {
            "Segment" => Yaml.Replace("HEAD", "Segment, [nc, 8, 16]", StringComparison.Ordinal),
            "Pose" => Yaml.Replace("HEAD", "Pose, [nc, [3, 3]]", StringComparison.Ordinal),
            "Obb" => Yaml.Replace("HEAD", "OBB, [nc, 1]", StringComparison.Ordinal),
            _ => Yaml.Replace("[[2, 3], 1, HEAD]", "[-1, 1, Classify, [nc]]", StringComparison.Ordinal),
        };
        return YoloModel.Create(ModelDefinition.Parse(yaml, "tiny.yaml"), classes, seed: seed);
    }

    /// <summary>Draws a dataset of a few images and gives what it is trained with.</summary>
    public static string Dataset(TinyRun tiny, string task, string name, params string[] classes) => SampleDataset.Create(tiny.Folder(name), new()
    {
        Task = NetworkTask.Parse(task), Count = 8, ClassNames = classes, ImageSize = 64, LargestObjectCount = 2,
    }).File;

    /// <summary>Options of a run on a dataset.</summary>
    public static RunOptions Options(TinyRun tiny, string data)
    {
        RunOptions options = tiny.Options();
        return options with
        {
            Data = data, Training = options.Training with { NominalBatchSize = 4, LearningRate = 0.01, WarmupEpochs = 0, WeightDecay = 0.5 },
        };
    }
}
