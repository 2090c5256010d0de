using System.Globalization;
using YoloTune.Files.Onnx;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;

namespace YoloTune.Export;

/// <summary>What an exported file says of its model, under the names of <see cref="OnnxMetadata"/>.</summary>
internal static class OnnxDescription
{
    /// <summary>The metadata of a model.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(YoloModel model, OnnxExportOptions options)
    {
        yield return new("description", $"{model.Name} exported by YoloTune");
        yield return new("author", "YoloTune");
        yield return new("version", OnnxMetadata.ProgramVersion);
        yield return new(OnnxMetadata.Stride, Text(model.Network.Strides.Max()));
        yield return new(OnnxMetadata.Task, model.Task.ReferenceName);
        yield return new("batch", Text(options.BatchSize));
        yield return new(OnnxMetadata.ImageSize, $"[{Text(options.Height)}, {Text(options.Width)}]");
        yield return new(OnnxMetadata.Names,
            $"{{{string.Join(", ", model.ClassNames.Select((name, id) => $"{Text(id)}: {OnnxMetadata.Quote(name)}"))}}}");
        yield return new("channels", Text(model.Definition.Channels));
        yield return new(OnnxMetadata.EndToEnd, Text(model.Network.EndToEnd));
        bool embedded = options.EmbedNms && !model.Network.EndToEnd;
        yield return new(OnnxMetadata.Arguments,
            $"{{'batch': {Text(options.BatchSize)}, 'half': {Text(options.Half)}, 'dynamic': {Text(options.Dynamic)}, "
            + $"'nms': {Text(embedded)}}}");
        if (model.Definition.KeypointShape is { } shape)
            yield return new(OnnxMetadata.KeypointShape, $"[{Text(shape.Keypoints)}, {Text(shape.Dimensions)}]");
        if (model.KeypointNames.Count > 0) yield return new(OnnxMetadata.KeypointNames, KeypointNameTable.ToText(model.KeypointNames));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool truth) => truth ? "True" : "False";
}
