using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>The tiny models of the tasks' goldens.</summary>
internal static class TinyTaskModel
{
    /// <summary>Builds a model as trajectory.json describes it, and fills it.</summary>
    /// <param name="trajectory">The root of trajectory.json.</param>
    /// <param name="model">The name of the model there.</param>
    /// <param name="weights">A safetensors file under shared/.</param>
    public static YoloNetwork Create(JsonElement trajectory, string model, string weights)
    {
        JsonElement golden = trajectory.GetProperty("models").GetProperty(model);
        StringBuilder yaml = new(string.Create(CultureInfo.InvariantCulture,
            $"nc: {trajectory.GetProperty("nc").GetInt32()}\nreg_max: {golden.GetProperty("reg_max").GetInt32()}\n"));
        if (golden.GetProperty("end2end").GetBoolean()) yaml.Append("end2end: True\n");
        yaml.Append("kpt_shape: [5, 3]\nscale: n\nscales:\n  n: [1.0, 1.0, 1024]\nbackbone:\n");
        foreach (JsonElement layer in golden.GetProperty("layers").EnumerateArray())
        {
            if (layer.GetProperty("index").GetInt32() == 11) yaml.Append("head:\n");
            string arguments = layer.GetProperty("args").GetRawText().Replace("null", "None", StringComparison.Ordinal)
                .Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal)
                .Replace("\"nc\"", "nc", StringComparison.Ordinal);
            yaml.Append(CultureInfo.InvariantCulture,
                $"  - [{layer.GetProperty("from").GetRawText()}, 1, {layer.GetProperty("module").GetString()}, {arguments}]\n");
        }
        YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Parse(yaml.ToString(), "tiny.yaml")));
        IReadOnlyDictionary<string, torch.Tensor> values = Shared.Tensors(weights);
        using IDisposable untracked = torch.no_grad();
        foreach (StateItem item in network.StateItems) item.Tensor.copy_(values[item.Name]);
        return network;
    }
}
