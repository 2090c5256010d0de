using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Segmentation;

/// <summary>The tiny networks of the goldens.</summary>
internal static class TinyModel
{
    public static readonly string[] Classes = ["round", "square", "triangle"];

    /// <summary>A network with weights of the goldens.</summary>
    /// <param name="model">classic or 26.</param>
    /// <param name="weights">The file of its weights.</param>
    public static YoloNetwork Create(string model, string weights)
    {
        using JsonDocument document = SegmentGolden.Json("trajectory/trajectory.json");
        JsonElement golden = document.RootElement.GetProperty("models").GetProperty(model == "26" ? "seg26" : model);
        YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Parse(Yaml(golden), "tiny-seg.yaml")));
        var tensors = SegmentGolden.Tensors(weights);
        using (torch.no_grad())
        {
            foreach (StateItem item in network.StateItems) item.Tensor.copy_(tensors[item.Name]);
        }
        return network;
    }

    private static string Yaml(JsonElement model)
    {
        StringBuilder yaml = new("nc: 3\nscale: n\nscales:\n  n: [1.0, 1.0, 1024]\n");
        yaml.Append(CultureInfo.InvariantCulture, $"reg_max: {model.GetProperty("reg_max").GetInt32()}\n");
        if (model.GetProperty("end2end").GetBoolean()) yaml.Append("end2end: True\n");
        yaml.Append("backbone:\n");
        foreach (JsonElement layer in model.GetProperty("layers").EnumerateArray())
        {
            if (layer.GetProperty("index").GetInt32() == 10) yaml.Append("head:\n");
            string arguments = layer.GetProperty("args").GetRawText().Replace("true", "True", StringComparison.Ordinal)
                .Replace("false", "False", StringComparison.Ordinal);
            string module = layer.GetProperty("module").GetString()!;
            yaml.Append(CultureInfo.InvariantCulture, $"  - [{layer.GetProperty("from").GetRawText()}, 1, {module}, {arguments}]\n");
        }
        return yaml.ToString();
    }
}
