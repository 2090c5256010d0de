using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp;
using YoloTune.Images;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Classification;

/// <summary>The reference numbers of classification.</summary>
internal static class ClassGolden
{
    public const string Folder = "reference/tasks/classify/goldens/";

    public static readonly string[] TinyNames = ["vertical", "horizontal", "diagonal", "ring"];

    public static JsonDocument Json(string name) => Shared.Json(Folder + name);

    public static IReadOnlyDictionary<string, torch.Tensor> Tensors(string name) => Shared.Tensors(Folder + name);

    /// <summary>An image from a tensor [H, W, 3].</summary>
    public static ImageBuffer Image(torch.Tensor pixels, bool isBgr = false)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor bgr = isBgr ? pixels : pixels.flip(2);
        return ImageBuffer.FromBgr(bgr.contiguous().data<byte>().ToArray(), (int)pixels.shape[0], (int)pixels.shape[1]);
    }

    /// <summary>The planes R, G, B of an image.</summary>
    public static byte[] Planes(ImageBuffer image)
    {
        byte[] planes = new byte[3 * image.Height * image.Width];
        PlanarRgb.Write(image, planes);
        return planes;
    }

    /// <summary>The planes of a tensor [H, W, 3] or [3, H, W].</summary>
    public static byte[] Planes(torch.Tensor pixels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return (pixels.shape[0] == 3 ? pixels : pixels.permute(2, 0, 1)).contiguous().data<byte>().ToArray();
    }

    /// <summary>The largest difference of two levels, and how many differ.</summary>
    public static (int Largest, int Count) Difference(byte[] expected, byte[] actual)
    {
        int[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b))];
        return (differences.Max(), differences.Count(difference => difference > 0));
    }

    /// <summary>The tiny model of the goldens with the weights of a file.</summary>
    public static YoloModel Tiny(string weights)
    {
        using JsonDocument document = Json("trajectory/trajectory.json");
        StringBuilder yaml = new("nc: 4\nscale: n\nscales:\n  n: [1.0, 1.0, 1024]\nbackbone:\n");
        foreach (JsonElement layer in document.RootElement.GetProperty("model").GetProperty("layers").EnumerateArray())
        {
            string module = layer.GetProperty("module").GetString()!;
            if (module == "Classify") yaml.Append("head:\n");
            string arguments = layer.GetProperty("args").GetRawText().Replace("true", "True", StringComparison.Ordinal)
                .Replace("false", "False", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
            yaml.Append(CultureInfo.InvariantCulture, $"  - [{layer.GetProperty("from").GetRawText()}, 1, {module}, {arguments}]\n");
        }
        YoloModel model = YoloModel.Create(ModelDefinition.Parse(yaml.ToString(), "tiny-cls.yaml"), TinyNames);
        using IDisposable untracked = torch.no_grad();
        IReadOnlyDictionary<string, torch.Tensor> values = Tensors(weights);
        foreach (ModelItem item in model.Items) item.Tensor.copy_(values[item.Name]);
        return model;
    }
}
