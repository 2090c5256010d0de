using System.Text.Json;
using TorchSharp;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

/// <summary>Images and labels of a golden, for the composer.</summary>
internal sealed class MemoryImages : ITrainingImages
{
    private readonly List<ImageBuffer> images = [];
    private readonly List<LabelSet> labels = [];

    public IReadOnlyList<(int Height, int Width)> Sizes => [.. images.Select(image => (image.Height, image.Width))];

    public ImageBuffer Load(int index) => images[index].Share();

    public LabelSet Labels(int index) => labels[index];

    /// <summary>Image i has the constant level 20 (i + 1), as in mosaic.json.</summary>
    public static MemoryImages Constant(JsonElement items)
    {
        MemoryImages result = new();
        foreach (JsonElement item in items.EnumerateArray())
        {
            int[] hw = item.GetProperty("hw").Ints();
            byte[] bgr = new byte[hw[0] * hw[1] * 3];
            Array.Fill(bgr, (byte)(20 * (result.images.Count + 1)));
            result.images.Add(ImageBuffer.FromBgr(bgr, hw[0], hw[1]));
            result.labels.Add(new LabelSet
            {
                Classes = item.GetProperty("cls").Floats(),
                Boxes = [.. item.GetProperty("boxes_xywhn").EnumerateArray().Select(row => Box(row, 0))],
            });
        }
        return result;
    }

    /// <summary>The sources of pipeline.json, their longer side resized to 64 as the loader does.</summary>
    public static MemoryImages FromSources(JsonElement sources, IReadOnlyDictionary<string, torch.Tensor> pixels)
    {
        MemoryImages result = new();
        foreach (JsonElement item in sources.EnumerateArray())
        {
            using ImageBuffer source = Pixels.Image(pixels[$"src{result.images.Count}_bgr"]);
            (int height, int width) = Resizer.LongSideSize(source.Height, source.Width, 64);
            result.images.Add(Resizer.Resize(source, height, width));
            JsonElement rows = item.GetProperty("label_rows_cls_xywhn");
            result.labels.Add(new LabelSet
            {
                Classes = [.. rows.EnumerateArray().Select(row => row[0].GetSingle())],
                Boxes = [.. rows.EnumerateArray().Select(row => Box(row, 1))],
            });
        }
        return result;
    }

    /// <summary>The sources of a pipeline of outlines, their longer side resized as the loader does.</summary>
    public static MemoryImages WithOutlines(JsonElement sources, IReadOnlyDictionary<string, torch.Tensor> pixels, int size) => WithRows(
        sources, pixels, size, "label_rows_cls_polygon",
        new() { ClassCount = 100, Rows = LabelRowKind.Polygons, Strictness = LabelStrictness.DropImage });

    /// <summary>The sources of a pipeline with the label rows of a property, their longer side resized as the loader does.</summary>
    public static MemoryImages WithRows(
        JsonElement sources, IReadOnlyDictionary<string, torch.Tensor> pixels, int size, string rowsName, LabelRules rules)
    {
        MemoryImages result = new();
        foreach (JsonElement item in sources.EnumerateArray())
        {
            using ImageBuffer source = Pixels.Image(pixels[$"source{result.images.Count}.bgr"]);
            (int height, int width) = Resizer.LongSideSize(source.Height, source.Width, size);
            result.images.Add(Resizer.Resize(source, height, width));
            string text = string.Join('\n', item.GetProperty(rowsName).EnumerateArray()
                .Select(row => string.Join(' ', row.EnumerateArray().Select(value => value.GetRawText()))));
            result.labels.Add(LabelFile.Parse(text, "labels.txt", rules).Labels!);
        }
        return result;
    }

    private static LabelBox Box(JsonElement row, int first)
        => new(row[first].GetSingle(), row[first + 1].GetSingle(), row[first + 2].GetSingle(), row[first + 3].GetSingle());
}
