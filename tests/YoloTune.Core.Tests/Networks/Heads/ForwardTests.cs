using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Heads;

/// <summary>Reduced models with stored weights, against the reference's outputs.</summary>
public sealed class ForwardTests
{
    private const string Folder = "reference/models/forward/";

    public static TheoryData<string> Cases() =>
    [
        "yolov3", "yolov3-spp", "yolov3-tiny", "yolov5", "yolov6", "yolov8", "yolov9t", "yolov9e", "yolov10", "yolo11", "yolo11-m",
        "yolo12", "yolo12-l", "yolo26", "yolo11-seg", "yolo11-pose", "yolo11-pose2d", "yolo11-obb", "yolo11-cls", "yolo26-seg",
        "yolo26-pose", "yolo26-obb",
    ];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Every_layer_has_the_reference_mean_and_deviation(string name)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        using YoloNetwork network = Build(name, index.RootElement.GetProperty(name));
        Dictionary<int, Tensor[]> seen = [];
        network.Observe(Inputs()["x"], (layer, maps) => seen[layer] = [.. maps.Select(map => map.clone().DetachFromDisposeScope())]);
        foreach (JsonElement stats in index.RootElement.GetProperty(name).GetProperty("layer_stats").EnumerateArray())
        {
            int layer = stats[0].GetInt32();
            if (stats[1][0].ValueKind == JsonValueKind.Array)
            {
                Near(stats[2].GetDouble(), cat([.. seen[layer].Select(map => map.flatten())]).mean().ToDouble());
                continue;
            }
            Tensor map = seen[layer][0];
            Assert.Equal(stats[1].EnumerateArray().Select(size => size.GetInt64()), map.shape);
            Near(stats[2].GetDouble(), map.mean().ToDouble());
            Near(stats[3].GetDouble(), map.std(unbiased: false).ToDouble());
            Near(stats[4].GetDouble(), map.flatten()[0].ToDouble());
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Raw_and_decoded_outputs_equal_the_reference(string name)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        JsonElement entry = index.RootElement.GetProperty(name);
        using YoloNetwork network = Build(name, entry);
        var expected = Shared.Tensors($"{Folder}{name}.io.safetensors");
        Assert.Equal(entry.GetProperty("params").GetInt64(), network.ParameterCount);

        NetworkOutput output = network.forward(Inputs()["x"]);
        CheckRaw(expected, output, network);
        CheckDecoded(expected, network, output, "y");
        NetworkOutput second = network.forward(Inputs()["x2"]);
        CheckDecoded(expected, network, second, "y2");
        if (expected.TryGetValue("proto", out Tensor? proto))
        {
            Close(proto, (output.OneToOne ?? output.OneToMany)!.Prototypes!);
            Close(expected["proto2"], (second.OneToOne ?? second.OneToMany)!.Prototypes!);
        }
    }

    [SkippableTheory]
    [InlineData("yolo26-seg")]
    [InlineData("yolo26-pose")]
    public void Outputs_that_only_training_has_equal_the_reference(string name)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        using YoloNetwork network = Build(name, index.RootElement.GetProperty(name));
        network.Head!.train();
        foreach (BatchNorm2d norm in network.Head.modules().OfType<BatchNorm2d>()) norm.KeepStatistics = true;
        var expected = Shared.Tensors($"{Folder}{name}.io.safetensors");
        NetworkOutput output = network.forward(Inputs()["x"]);
        if (name == "yolo26-seg")
        {
            Close(expected["train.one2many.semseg"], output.OneToMany!.SemanticMap!);
            return;
        }
        Close(expected["train.one2many.kpts_sigma"], output.OneToMany!.KeypointSigmas!);
        Close(expected["train.one2one.kpts_sigma"], output.OneToOne!.KeypointSigmas!);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_fused_network_predicts_the_same_and_leaves_the_original_as_it_was(string name)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        JsonElement entry = index.RootElement.GetProperty(name);
        using YoloNetwork network = Build(name, entry);
        Tensor before = network.Decode(network.forward(Inputs()["x"]));
        using YoloNetwork fused = network.Fuse();
        if (entry.GetProperty("fused_items").ValueKind == JsonValueKind.Number)
            Assert.Equal(entry.GetProperty("fused_items").GetInt32(), fused.StateItems.Count);
        // Folding changes the order of float32 operations; the tolerance is the one the reference's README states for any forward pass.
        Tensor after = fused.Decode(fused.forward(Inputs()["x"]));
        Assert.True((after - before).abs().max().ToDouble() <= 1e-4 * (1 + before.abs().max().ToDouble()));
        Assert.Equal(entry.GetProperty("sd_items").GetInt32(), network.StateItems.Count);
        Assert.True(network.Decode(network.forward(Inputs()["x"])).equal(before).all().ToBoolean());
    }

    [SkippableTheory]
    [InlineData("yolov10")]
    [InlineData("yolo26")]
    [InlineData("yolo26-seg")]
    [InlineData("yolo26-pose")]
    [InlineData("yolo26-obb")]
    public void Selection_of_an_end_to_end_head_equals_the_reference_exactly(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        var expected = Shared.Tensors($"{Folder}{name}.io.safetensors");
        Tensor selected = EndToEndSelection.Select(expected["decoded"].transpose(1, 2), 5);
        Assert.Equal(expected["y"].shape, selected.shape);
        Assert.True(selected.equal(expected["y"]).all().ToBoolean());
    }

    [SkippableTheory]
    [InlineData("yolo11")]
    [InlineData("yolo12")]
    [InlineData("yolo26-pose")]
    [InlineData("yolov9e")]
    public void A_bfloat16_image_gives_float32_outputs_close_to_the_float32_ones(string name)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        using YoloNetwork network = Build(name, index.RootElement.GetProperty(name));
        Tensor x = Inputs()["x"];
        Tensor exact = network.Decode(network.forward(x));
        NetworkOutput output = network.ToChannelsLast().forward(x.to(bfloat16).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        Assert.Equal(ScalarType.Float32, (output.OneToOne ?? output.OneToMany)!.Boxes.dtype);
        Tensor rough = network.Decode(output);
        // Eight bits of mantissa over some fifty layers: a twentieth of the values' spread on average.
        Assert.True((rough - exact).abs().mean().ToDouble() < 0.05 * exact.std().ToDouble());
    }

    internal static YoloNetwork Build(string name, JsonElement entry)
    {
        string yaml = File.ReadAllText(Shared.Path($"{Folder}{name}.yaml"));
        ModelDefinition definition = ModelDefinition.Parse(yaml, name + ".yaml").WithScale(entry.GetProperty("scale").GetString()!);
        // The reference builds today's SPPF, without its first activation.
        ModelPlan plan = ModelPlan.Create(definition, new() { SppfActivation = false });
        YoloNetwork network = new(plan, new() { Initialise = false });
        Dictionary<string, Tensor> weights = [];
        foreach (JsonElement file in entry.GetProperty("weights").EnumerateArray())
            foreach ((string key, Tensor value) in Shared.Tensors(Folder + file.GetString())) weights[key] = value;
        using IDisposable untracked = no_grad();
        IReadOnlyList<StateItem> items = network.StateItems;
        Assert.Equal(weights.Count, items.Count);
        foreach (StateItem item in items)
        {
            Assert.Equal(weights[item.Name].shape, item.Tensor.shape);
            item.Tensor.copy_(weights[item.Name]);
        }
        foreach (BatchNorm2d norm in network.modules().OfType<BatchNorm2d>())
            Assert.Equal(entry.GetProperty("bn_eps").GetDouble(), norm.Epsilon);
        network.eval();
        return network;
    }

    internal static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        // The tolerance the reference's README states for float32.
        double limit = 1e-4 * (1 + expected.abs().max().ToDouble());
        double difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= limit, $"differs by {difference}, allowed {limit}");
    }

    private static IReadOnlyDictionary<string, Tensor> Inputs() => Shared.Tensors(Folder + "inputs.safetensors");

    // Means and deviations are stored with seven digits; 1e-4 relative is the README's tolerance.
    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-4 * (1 + Math.Abs(expected)));

    private static void CheckDecoded(IReadOnlyDictionary<string, Tensor> expected, YoloNetwork network, NetworkOutput output, string key)
    {
        Tensor decoded = network.Decode(output);
        if (!network.EndToEnd)
        {
            Close(expected[key], decoded);
            return;
        }
        if (key == "y") Close(expected["decoded"], decoded);
        // Scores of neighbours differ by 1e-5, so that rows may change places: scores are compared in order, rows are not.
        Tensor selected = EndToEndSelection.Select(decoded.transpose(1, 2), network.ClassCount);
        Close(expected[key].select(2, 4), selected.select(2, 4));
    }

    private static void CheckRaw(IReadOnlyDictionary<string, Tensor> expected, NetworkOutput output, YoloNetwork network)
    {
        if (network.Plan.Task.Name == "Classify")
        {
            Close(expected["raw.logits"], output.Logits!);
            return;
        }
        AnchorPoints anchors = network.Head!.Anchors((output.OneToOne ?? output.OneToMany)!);
        Close(expected["anchors"], anchors.Points);
        Close(expected["strides"], anchors.Strides);
        CheckBranch(expected, output.OneToMany!, network.EndToEnd ? "raw.one2many." : "raw.");
        if (network.EndToEnd) CheckBranch(expected, output.OneToOne!, "raw.one2one.");
    }

    private static void CheckBranch(IReadOnlyDictionary<string, Tensor> expected, HeadOutput branch, string prefix)
    {
        Close(expected[prefix + "boxes"], branch.Boxes);
        Close(expected[prefix + "scores"], branch.Scores);
        if (branch.MaskCoefficients is not null) Close(expected[prefix + "mask_coefficient"], branch.MaskCoefficients);
        if (branch.Keypoints is not null) Close(expected[prefix + "kpts"], branch.Keypoints);
        if (branch.Angles is not null) Close(expected[prefix + "angle"], branch.Angles);
    }
}
