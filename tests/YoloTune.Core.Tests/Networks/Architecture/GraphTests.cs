using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

public sealed class GraphTests
{
    public static TheoryData<string> Names()
    {
        TheoryData<string> names = [];
        foreach (CatalogEntry entry in ModelCatalog.Entries) names.Add(entry.Name);
        return names;
    }

    [SkippableFact]
    public void Every_model_of_the_reference_is_built_in()
    {
        using JsonDocument graphs = Shared.Json("reference/models/graphs.json");
        HashSet<string> ours = [.. ModelCatalog.Entries.Select(entry => entry.Name)];
        Assert.Subset(ours, graphs.RootElement.EnumerateObject().Select(graph => graph.Name).ToHashSet());
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Layers_parameters_and_strides_equal_the_reference(string name)
    {
        using JsonDocument graphs = Shared.Json("reference/models/graphs.json");
        // The reference builds today's SPPF, without its first activation.
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(name), new() { SppfActivation = false });
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        NetworkProfile profile = NetworkProfile.Of(plan);
        Assert.Equal(profile.Parameters, network.ParameterCount);
        // The reference's numbers are a selection; the rest must at least build.
        if (!graphs.RootElement.TryGetProperty(name, out JsonElement graph)) return;

        JsonElement[] expected = [.. graph.GetProperty("layers").EnumerateArray()];
        Assert.Equal(
            expected.Select(row => string.Join(' ', row.EnumerateArray().Select(cell => cell.GetRawText().Trim('"').Replace(" ", "")))),
            network.Layers.Select(layer => $"{layer.Index} {FromOf(layer)} {layer.Repeats} {layer.Type} {layer.Parameters}"));

        Assert.Equal(graph.GetProperty("params").GetInt64(), network.ParameterCount);
        Assert.Equal(graph.GetProperty("gradients").GetInt64(), network.TrainableParameterCount);
        IReadOnlyList<StateItem> items = network.StateItems;
        Assert.Equal(graph.GetProperty("sd_items").GetInt32(), items.Count);
        Assert.Equal(graph.GetProperty("sd_params").GetInt32(), items.Count(item => !item.IsBuffer));
        Assert.Equal(graph.GetProperty("sd_buffers").GetInt32(), items.Count(item => item.IsBuffer));
        Assert.Equal(
            graph.GetProperty("stride").EnumerateArray().Select(stride => stride.GetDouble()),
            profile.Strides.Select(stride => (double)stride));
        Assert.Equal(graph.GetProperty("save").EnumerateArray().Select(index => index.GetInt32()), plan.Save);
        Assert.Equal(graph.GetProperty("head").GetString(), plan.Head.Type);
        Assert.Equal(graph.GetProperty("scale").GetString(), plan.Scale.Letter);
        Assert.Equal(graph.GetProperty("nc").GetInt32(), plan.ClassCount);
        Assert.Equal(graph.GetProperty("leaf_modules").GetInt32(), profile.LeafModules);
        if (plan.Task.Name != "Classify")
        {
            Assert.Equal(graph.GetProperty("end2end").GetBoolean(), plan.EndToEnd);
            Assert.Equal(graph.GetProperty("reg_max").GetInt32(), plan.RegMax);
        }
        // The reference's figures are themselves a count at a small size, scaled: 2 % is what its README grants.
        double flops = graph.GetProperty("gflops640").GetDouble();
        Assert.InRange(profile.GFlops(640), flops * 0.98, flops * 1.02);
    }

    private static string FromOf(NetworkLayer layer) =>
        layer.Plan.FromIsList ? $"[{string.Join(",", layer.From)}]" : $"{layer.From[0]}";
}
