using TorchSharp;
using YoloTune.Basics;
using YoloTune.Export.Emitters;
using YoloTune.Files.Onnx;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;

namespace YoloTune.Export;

/// <summary>
/// Writes models as ONNX graphs (operator set 17) with normalisations folded into convolutions and predictions decoded, so that a
/// consumer needs nothing of the model but the file.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Name of the graph's input: images [N, 3, H, W], RGB, 0-1.</summary>
    public const string InputName = "images";

    /// <summary>Name of the predictions.</summary>
    public const string OutputName = "output0";

    /// <summary>Name of a segmentation model's prototype masks [N, masks, H, W].</summary>
    public const string PrototypeName = "output1";

    /// <summary>Writes a model. The same model and options give the same bytes.</summary>
    /// <remarks>
    /// The predictions are [N, 4 + classes + extras, A] for A anchors: centre, size (pixels of the image as given), class scores, then
    /// mask coefficients, keypoints or the angle. End-to-end models, and others with <see cref="OnnxExportOptions.EmbedNms"/>, give
    /// [N, k, 6 + extras], k at most 300: two corners, score, class, extras (of rotated boxes centre, size, score, class, angle).
    /// Classifiers give probabilities [N, classes].
    /// </remarks>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="path">The file; it appears under its name only when it is complete.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="SelectionException">The image size does not fit the strides, or the task has no suppression in ONNX.</exception>
    /// <exception cref="ModelFormatException">A block of the model has no counterpart in ONNX.</exception>
    public static void Write(YoloModel model, string path, OnnxExportOptions? options = null)
    {
        options ??= new();
        Check(model, options);
        OnnxGraph graph = Build(model, options);
        AtomicFile.Write(path, stream =>
            OnnxFile.Write(stream, graph, model.Name, OnnxMetadata.ProgramVersion, OnnxDescription.Of(model, options)));
    }

    private static void Check(YoloModel model, OnnxExportOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDetections, 1, nameof(options));
        int step = Math.Max(model.Stride, 1);
        foreach (int side in (int[])[options.Height, options.Width])
        {
            if (side >= step && side % step == 0) continue;
            int near = Math.Max((int)Math.Round((double)side / step), 1) * step;
            throw new SelectionException(
                FormattableString.Invariant($"images of {side} pixels do not fit the stride of {model.Name}, which is {step}."),
                remedy: FormattableString.Invariant($"Give a multiple of {step}, such as {near}."));
        }
        if (options.EmbedNms && !model.Task.PredictsObjects)
            throw new SelectionException("a classifier finds no boxes that could be suppressed.", remedy: "Leave -EmbedNms out.");
        if (options.EmbedNms && !model.Task.PredictsUprightBoxes && !model.Network.EndToEnd)
            throw new SelectionException("ONNX has no suppression of rotated boxes.",
                remedy: "Leave -EmbedNms out and suppress them after the pass.");
    }

    private static OnnxGraph Build(YoloModel model, OnnxExportOptions options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        using YoloNetwork network = model.Network.Fuse();
        OnnxGraph graph = new(options.Half ? OnnxType.Float16 : OnnxType.Float);
        OnnxDimension Free(string name, int size) => options.Dynamic ? new OnnxDimension(-1, name) : size;
        OnnxDimension batch = Free("batch", options.BatchSize);
        OnnxValue image =
            graph.Input(InputName, OnnxType.Float, batch, network.Plan.Channels, Free("height", options.Height),
                Free("width", options.Width));
        IReadOnlyList<OnnxValue> maps = NetworkEmitter.Body(graph, network, graph.Cast(image, graph.WeightType));
        using IDisposable names = graph.Scope(FormattableString.Invariant($"model.{network.Layers.Count - 1}"));
        if (network.Classifier is { } classifier)
        {
            graph.Output(NetworkEmitter.Classifier(graph, classifier, maps), OutputName, batch, new(network.ClassCount));
            return graph;
        }
        WriteDetections(graph, network, new DetectionEmitter(graph, network.Head!, maps), batch, options);
        return graph;
    }

    private static void WriteDetections(
        OnnxGraph graph, YoloNetwork network, DetectionEmitter emitter, OnnxDimension batch, OnnxExportOptions options)
    {
        bool selects = network.EndToEnd || options.EmbedNms;
        HeadResult head = emitter.Write(corners: selects);
        OnnxValue predictions = network.EndToEnd ? SelectionEmitter.EndToEnd(graph, head, options.MaxDetections)
            : options.EmbedNms ? SelectionEmitter.Suppressed(graph, head, options.MaxDetections, options.Confidence, options.IoU)
            : graph.Concat(head.Extras is null ? [head.Boxes, head.Scores] : [head.Boxes, head.Scores, head.Extras], 1);
        OnnxDimension[] shape = selects
            ? [batch, new(-1, "detections"), predictions.Shape[2]]
            : [batch, predictions.Shape[1], new(-1, "anchors")];
        graph.Output(predictions, OutputName, shape);
        if (head.Prototypes is not { } masks) return;
        graph.Output(masks, PrototypeName, batch, masks.Shape[1], new(-1, "mask_height"), new(-1, "mask_width"));
    }
}
