using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;

namespace YoloTune.Files;

/// <summary>Makes a model of a YOLOv5 checkpoint: its anchor-free twin, which takes what fits.</summary>
internal static class AnchorBasedImport
{
    /// <summary>Makes the model.</summary>
    /// <param name="content">The checkpoint.</param>
    /// <param name="state">Its tensors by name.</param>
    /// <param name="anchors">Its head, where it was found in the tensors.</param>
    /// <param name="architecture">The architecture to map it onto; null takes the one of the same depth, width and levels.</param>
    /// <param name="classNames">Class names; null takes the file's own.</param>
    public static YoloModel Run(CheckpointContent content, Dictionary<string, torch.Tensor> state, AnchorHead? anchors,
        ModelDefinition? architecture, IReadOnlyList<string>? classNames)
    {
        ModelDefinition definition = architecture
            ?? ModelDefinition.Load(anchors is null ? AnchorFreeTwin(content) : anchors.AnchorFreeTwin(state)
            ?? throw new ModelFormatException(
                "the file holds tensors of a YOLOv5 head but does not say which architecture they belong to.", content.Path,
                remedy: "Name the architecture to map it onto with -Architecture, for example -Architecture yolov5n."));
        IReadOnlyList<string> names = classNames ?? content.Names;
        YoloModel model = YoloModel.Create(definition,
            names.Count > 0 ? names : ModelImporter.DefaultNames(anchors?.ClassCount ?? content.ClassCount ?? definition.ClassCount ?? 80));
        TransferSource source = new(Path.GetFileName(content.Path), state, isAnchorBased: true, classNames: content.Names);
        TransferPlanner.Create(model, source, new TransferOptions()).Execute(model);
        return model;
    }

    /// <summary>The anchor-free architecture with the depth, width and levels of a YOLOv5 checkpoint.</summary>
    private static string AnchorFreeTwin(CheckpointContent content)
    {
        double Multiple(string key) => content.ModelYaml?.GetValueOrDefault(key) switch { double d => d, long l => l, _ => double.NaN };
        string? scale = (Multiple("depth_multiple"), Multiple("width_multiple")) switch
        {
            (0.33, 0.25) => "n",
            (0.33, 0.5) => "s",
            (0.67, 0.75) => "m",
            (1, 1) => "l",
            (1.33, 1.25) => "x",
            _ => null,
        };
        if (scale is null)
        {
            throw new ModelFormatException("this YOLOv5 checkpoint has none of the scales n, s, m, l and x.", content.Path,
                remedy: "Name the architecture to map it onto with -Architecture.");
        }
        return content.Strides.Count == 4 ? $"yolov5{scale}-p6" : $"yolov5{scale}";
    }
}
