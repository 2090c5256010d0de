using TorchSharp;
using YoloTune.Files.Torch;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Checkpoints in the form that Ultralytics loads with <c>YOLO(path)</c>: the module tree itself with its YAML, class names, strides and
/// training arguments. Beside the pickle stands the record that our own files carry, so that the model comes back here complete.
/// </summary>
internal static class UltralyticsFile
{
    private const string FinishedEpoch = "epoch";

    /// <summary>Writes the file; it appears under its name only when it is complete. The same model gives the same bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="half">True writes floating-point values as float16, as the reference does when a training ends.</param>
    public static void Write(YoloModel model, string path, bool half)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        TorchArchiveWriter writer = new();
        PickleDictionary root = Root(model, writer, half);
        writer.AddMetadata(ModelMetadata.Of(model));
        writer.Write(path, root);
    }

    private static PickleDictionary Root(YoloModel model, TorchArchiveWriter writer, bool half)
    {
        IReadOnlyDictionary<string, object?> arguments = ReferenceArguments.Of(model);
        PickleDictionary root = [];
        root.Set(FinishedEpoch, -1);
        root.Set("best_fitness", null);
        root.Set("model", Module(model, new ModulePickler(writer, half), arguments));
        foreach (string absent in (string[])["ema", "updates", "optimizer", "scaler"]) root.Set(absent, null);
        root.Set("train_args", ModulePickler.Dictionary(arguments));
        root.Set("train_metrics", Metrics(model));
        root.Set("train_results", new PickleDictionary());
        return root;
    }

    private static PickleObject Module(YoloModel model, ModulePickler pickler, IReadOnlyDictionary<string, object?> arguments)
    {
        YoloNetwork network = model.Network;
        PickleObject module = pickler.Describe(network);
        PickleDictionary state = module.Attributes!;
        state.Set("yaml", Yaml(model));
        state.Set("save", ModulePickler.List(network.Plan.Save.Cast<object?>()));
        PickleDictionary names = [];
        for (int i = 0; i < model.ClassNames.Count; i++) names.Set((long)i, model.ClassNames[i]);
        state.Set("names", names);

        // The model's own strides stay float32 in the reference's files, whatever the weights are.
        state.Set("stride", pickler.Strides(network, asHalf: false));
        state.Set("args", ModulePickler.Dictionary(arguments));
        state.Set("task", model.Task.ReferenceName);
        if (model.Definition.KeypointShape is { } shape) state.Set("kpt_shape", ModulePickler.List([shape.Keypoints, shape.Dimensions]));
        if (model.KeypointNames.Count > 0)
        {
            PickleDictionary points = [];
            foreach ((int id, IReadOnlyList<string> list) in model.KeypointNames) points.Set((long)id, ModulePickler.List(list));
            state.Set("kpt_names", points);
        }
        if (!model.Task.PredictsObjects) state.Set("transforms", Transforms());
        return module;
    }

    /// <summary>
    /// The description with what the reference adds when it reads one, and asks for when it builds a model to train further.
    /// </summary>
    private static PickleDictionary Yaml(YoloModel model)
    {
        PickleDictionary yaml = ModulePickler.Dictionary(model.Definition.ToDictionary());
        (string Key, object Value)[] added =
            [("scale", model.Scale), ("yaml_file", model.Name + ".yaml"), ("channels", (long)model.Definition.Channels)];
        foreach ((string key, object value) in added)
        {
            if (!yaml.TryGet(key, out _)) yaml.Set(key, value);
        }
        return yaml;
    }

    /// <summary>
    /// What the reference asks a classifier for before it predicts. The size 0 fits no image, and so makes it build the chain of the size
    /// that is wanted.
    /// </summary>
    private static PickleObject Transforms()
    {
        const string package = "torchvision.transforms.transforms";
        PickleObject resize = new(new(package, "Resize"), PickleTuple.Empty) { State = ModulePickler.Dictionary([new("size", 0)]) };
        PickleList chain = [];
        chain.Add(resize);
        PickleDictionary state = [];
        state.Set("transforms", chain);
        return new(new(package, "Compose"), PickleTuple.Empty) { State = state };
    }

    private static PickleDictionary Metrics(YoloModel model)
    {
        PickleDictionary metrics = [];
        foreach ((string name, double value) in model.Run?.BestMeasures ?? []) metrics.Set(name, value);
        return metrics;
    }
}
