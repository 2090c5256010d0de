using System.Globalization;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;

namespace YoloTune.Files;

/// <summary>
/// Makes a model of a checkpoint. The graph comes from the checkpoint itself: its YAML, its class names, the width of its class branch
/// and the activation of every block, so that a file computes what it was trained to compute.
/// </summary>
public static class ModelImporter
{
    /// <summary>Reads a model file.</summary>
    /// <param name="path">A .pt of Ultralytics or YOLOv5, a state dict .pt, or a .safetensors file.</param>
    /// <param name="architecture">The architecture, for files that hold tensors only; null takes the file's own.</param>
    /// <param name="classNames">Class names, for files that name none; null takes the file's own.</param>
    /// <param name="remark">Told what the user should know of how the file was read; null for none.</param>
    /// <exception cref="ModelFormatException">The file is damaged or hostile, lacks what is needed, or does not fit the
    /// architecture.</exception>
    public static YoloModel Import(
        string path, ModelDefinition? architecture = null, IReadOnlyList<string>? classNames = null, Action<string>? remark = null)
    {
        using CheckpointContent content = CheckpointReader.Read(path);
        using DisposeScope scope = torch.NewDisposeScope();
        RefuseNonFinite(content);
        (Dictionary<string, torch.Tensor> state, IReadOnlyList<string> remarks) = StateOf(content);
        AnchorHead? anchors = content.Kind == CheckpointKind.YoloV5Model ? null : AnchorHead.Find(state);
        foreach (string text in remarks) remark?.Invoke($"'{path}': {text}");
        if (anchors is not null || content.Kind == CheckpointKind.YoloV5Model)
            return AnchorBasedImport.Run(content, state, anchors, architecture, classNames);
        ModelDefinition definition = architecture
            ?? (content.ModelYaml is { } yaml
                ? ModelDefinition.FromDictionary(yaml, path)
                : throw new ModelFormatException("the file holds tensors but does not say which architecture they belong to.", path,
                    remedy: "Name it with -Architecture, for example -Architecture yolo11n."));
        StoredClasses? classes = CheckpointNetwork.ClassesOf(definition, state);
        int classCount = classes?.Count ?? content.ClassCount ?? definition.ClassCount
            ?? throw new ModelFormatException("the number of classes cannot be told from the file.", path,
                remedy: "Give the class names with -ClassName.");
        YoloNetwork network = CheckpointNetwork.Build(content, definition.WithClassCount(classCount), state, classes);
        YoloModel model = new(network, NamesOf(content, classNames, classCount), path) { StoredArguments = content.Arguments };
        foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        ModelMetadata.Restore(model, content.Metadata, path);
        return model;
    }

    /// <summary>A file as the source of a transfer; no model is built.</summary>
    /// <remarks>The tensors are freed with the garbage collector's help when the source is no longer referenced.</remarks>
    public static TransferSource ReadSource(string path)
    {
        CheckpointContent content = CheckpointReader.Read(path);
        RefuseNonFinite(content);
        Dictionary<int, string> types = [];
        foreach (ModuleFacts module in content.Modules)
        {
            string[] parts = module.Path.Split('.');
            if (parts is ["model", var index] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
            {
                types[layer] = module.Attributes.GetValueOrDefault("type") is string type
                    ? type[(type.LastIndexOf('.') + 1)..]
                    : module.ClassName;
            }
        }
        (Dictionary<string, torch.Tensor> state, IReadOnlyList<string> remarks) = StateOf(content);
        return new TransferSource(Path.GetFileName(path), state, types,
            content.Names.Count > 0 ? content.Names : null,
            content.Kind == CheckpointKind.YoloV5Model || AnchorHead.Find(state) is not null)
        {
            Remarks = remarks,
        };
    }

    /// <summary>The tensors by name, a fused model's taken apart, and what there is to say about it.</summary>
    private static (Dictionary<string, torch.Tensor> State, IReadOnlyList<string> Remarks) StateOf(CheckpointContent content)
    {
        Dictionary<string, torch.Tensor> state = content.Items.ToDictionary(item => item.Name, item => item.Tensor);
        return FusedWeights.Unfold(state) > 0 ? (state, [.. content.Remarks, FusedWeights.Remark]) : (state, content.Remarks);
    }

    private static IReadOnlyList<string> NamesOf(CheckpointContent content, IReadOnlyList<string>? given, int classCount)
    {
        IReadOnlyList<string> names = given ?? (content.Names.Count > 0 ? content.Names : DefaultNames(classCount));
        return names.Count == classCount
            ? names
            : throw new ModelFormatException($"{Counted.Of(names.Count, "class name")} for a model of {Counted.Of(classCount, "class")}.",
                content.Path, remedy: "Give one name per class with -ClassName.");
    }

    internal static IReadOnlyList<string> DefaultNames(int count) =>
        [.. Enumerable.Range(0, count).Select(id => string.Create(CultureInfo.InvariantCulture, $"class_{id}"))];

    private static void RefuseNonFinite(CheckpointContent content)
    {
        IReadOnlyList<string> names = content.NonFiniteItems();
        if (names.Count == 0) return;
        throw new ModelFormatException($"{names.Count} {(names.Count == 1 ? "tensor holds" : "tensors hold")} NaN or infinity.",
            content.Path,
            $"tensor {names[0]}", "The training that wrote the file diverged; take an earlier checkpoint.");
    }
}
