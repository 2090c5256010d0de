using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Segmentation;
using YoloTune.Tests.Training;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Segmentation;

/// <summary>Ten iterations of the tiny models against the reference's own, at the limits its README suggests.</summary>
public sealed class SegmentTrajectoryTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("sgd", 1e-3)]
    [InlineData("adamw", 5e-3)]
    [InlineData("seg26_sgd", 1e-3)]
    public void Ten_iterations_give_the_losses_and_weights_of_the_golden(string name, double weightLimit)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using JsonDocument document = SegmentGolden.Json("trajectory/trajectory.json");
        JsonElement golden = document.RootElement.GetProperty("runs").GetProperty(name);
        int[] order = [.. document.RootElement.GetProperty("batch_order").EnumerateArray().Select(item => item.GetInt32())];
        var batches = SegmentGolden.Tensors("trajectory/batches.safetensors");
        bool refined = name == "seg26_sgd";
        string start = refined ? "trajectory/tiny26_init.safetensors" : "trajectory/tiny_init.safetensors";
        using YoloNetwork network = TinyModel.Create(golden.GetProperty("model").GetString()!, start);
        network.train();
        OptimizerKind kind = name == "adamw" ? OptimizerKind.AdamW : OptimizerKind.SGD;
        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
            network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
            kind, golden.GetProperty("lr").GetDouble(), 0.937, 0.0005);
        Assert.Equal(
            golden.GetProperty("group_tensors_weight_bn_bias").EnumerateArray().Select(count => count.GetInt32()),
            groups.Select(group => group.Parameters.Count));
        using ParameterOptimizer optimizer = ParameterOptimizer.Create(kind, groups);
        using ICriterion loss = SegmentationTask.CreateCriterion(
            network.RegMax, network.Strides, network.EndToEnd, refined ? 5 : 10, null, new());
        using ModelAverage average = new(network.StateItems.Select(item => (item.Name, item.Tensor)));
        TrainingStep step = new(network, loss, optimizer, average, new());

        CompareFirst(golden, name, network, loss, Batch(batches, order[0]));
        double worst = 0;
        for (int iteration = 0; iteration < 10; iteration++)
        {
            if (refined && iteration == 5) loss.SetFinishedEpochs(1);
            JsonElement expected = golden.GetProperty("iterations")[iteration];
            using StepResult result = step.Run(Batch(batches, order[iteration]), iteration, accumulate: 1);
            // README: 1e-5 for the first iteration, 1e-4 for the first five, then 1e-3.
            double limit = iteration == 0 ? 1e-5 : iteration < 5 ? 1e-4 : 1e-3;
            double[] items = expected.GetProperty("items_box_seg_cls_dfl_sem").Doubles();
            for (int part = 0; part < items.Length; part++)
            {
                double actual = result.Items[part].ToDouble();
                Golden.Near(items[part], actual, limit, $"{SegmentationLoss.PartNames[part]} of iteration {iteration}");
                if (items[part] != 0) worst = Math.Max(worst, Math.Abs(actual / items[part] - 1));
            }
            Golden.Near(expected.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), limit, "total");
            if (iteration == 0)
                Golden.Near(expected.GetProperty("grad_norm_before_clip").GetDouble(), result.GradientNorm!.ToDouble(), 1e-4, "norm");
        }
        JsonElement files = golden.GetProperty("files");
        double weights =
            Compare(network.StateItems.Select(item => (item.Name, item.Tensor)), files.GetProperty("final").GetString()!, start);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: items {worst:g3}, weights {weights:g3}"));
        Assert.InRange(weights, 0, weightLimit);
        if (files.TryGetProperty("ema", out JsonElement ema))
            Assert.InRange(Compare(average.State, ema.GetString()!, start), 0, weightLimit);
    }

    // Outputs and gradients before the first step; the gradients are taken back.
    private static void CompareFirst(JsonElement golden, string name, YoloNetwork network, ICriterion loss, ImageBatch batch)
    {
        if (!golden.GetProperty("files").TryGetProperty("iter0", out JsonElement file)) return;
        var expected = SegmentGolden.Tensors("trajectory/" + file.GetString());
        // Running statistics move with each forward pass.
        Dictionary<string, torch.Tensor> before = network.StateItems.Where(item => item.IsBuffer)
            .ToDictionary(item => item.Name, item => item.Tensor.clone());
        NetworkOutput raw = network.call(TrainingStep.Input(batch.Images, torch.float32, false));
        foreach ((string key, torch.Tensor? actual) in new[]
        {
            ("one2many.boxes", raw.OneToMany!.Boxes), ("one2many.scores", raw.OneToMany.Scores),
            ("one2many.mask_coefficient", raw.OneToMany.MaskCoefficients), ("one2one.boxes", raw.OneToOne?.Boxes),
            ("one2one.mask_coefficient", raw.OneToOne?.MaskCoefficients), ("boxes", raw.OneToMany.Boxes), ("scores", raw.OneToMany.Scores),
            ("mask_coefficient", raw.OneToMany.MaskCoefficients), ("proto", raw.OneToMany.Prototypes),
            ("semseg", raw.OneToMany.SemanticMap),
        })
        {
            if (expected.TryGetValue(key, out torch.Tensor? tensor))
                Golden.Close(tensor, actual!, 1e-4 * tensor.abs().max().ToDouble(), name + " " + key);
        }
        loss.Compute(raw, batch).Total.backward();
        int compared = 0;
        foreach (StateItem item in network.StateItems.Where(item => !item.IsBuffer))
        {
            if (!expected.TryGetValue("grad." + item.Name, out torch.Tensor? gradient)) continue;
            Golden.Close(gradient, item.Tensor.grad!, 1e-4 * gradient.abs().max().ToDouble(), item.Name);
            compared++;
        }
        Assert.True(compared > 0);
        foreach (var parameter in network.parameters()) parameter.grad = null;
        using (torch.no_grad())
        {
            foreach (StateItem item in network.StateItems.Where(item => item.IsBuffer)) item.Tensor.copy_(before[item.Name]);
        }
    }

    private static ImageBatch Batch(IReadOnlyDictionary<string, torch.Tensor> batches, int index)
    {
        Dictionary<string, torch.Tensor> own = batches.Where(entry => entry.Key.StartsWith($"{index}.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[2..], entry => entry.Value);
        return new ImageBatch { Images = own["img"], Targets = SegmentationLossTests.TargetsOf(own, overlap: true, prefix: "") };
    }

    private static double Compare(IEnumerable<(string Name, torch.Tensor Tensor)> state, string file, string start)
    {
        var expected = SegmentGolden.Tensors("trajectory/" + file);
        var before = SegmentGolden.Tensors(start);
        double difference = 0, movement = 0;
        foreach ((string name, torch.Tensor tensor) in state)
        {
            if (!tensor.is_floating_point()) continue;
            difference += (tensor.detach() - expected[name]).to(torch.float64).square().sum().ToDouble();
            movement += (expected[name] - before[name]).to(torch.float64).square().sum().ToDouble();
        }
        return Math.Sqrt(difference / movement);
    }
}
