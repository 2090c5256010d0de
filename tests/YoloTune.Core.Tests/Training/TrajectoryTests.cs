using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using YoloTune.Tasks.Detection;
using YoloTune.Tasks.Shared;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

/// <summary>Ten iterations of a tiny model against the reference's own, at the limits its README suggests.</summary>
public sealed class TrajectoryTests(ITestOutputHelper output)
{
    private const string Folder = Golden.Folder + "trajectory/";

    [SkippableTheory]
    [InlineData("sgd", 1e-2, 0.02)]
    [InlineData("adamw", 1e-3, 0.02)]
    [InlineData("sgd_freeze10", 1e-3, 1e-3)]
    public void Ten_iterations_give_the_losses_weights_and_average_of_the_golden(string name, double lossLimit, double weightLimit)
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, name);
        for (int iteration = 0; iteration < 10; iteration++)
        {
            // README: 1e-5 for the first iteration, 1e-3 for the first five, then the run's own limit.
            double limit = iteration == 0 ? 1e-5 : iteration < 5 ? Math.Min(1e-3, lossLimit) : lossLimit;
            double worst = run.Step(iteration, limit);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {iteration}: {worst:g3}"));
            if (iteration == 0 && name != "sgd_freeze10") run.CompareFirst(Folder + name + "_after_1_iteration.safetensors", name == "sgd");
        }
        double weights = run.Compare(run.State, Folder + name + "_final.safetensors", ignoreNoise: name == "adamw");
        double average = run.Compare(run.Average, Folder + name + "_ema.safetensors", ignoreNoise: name == "adamw");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} weights {weights:g3} average {average:g3}"));
        Assert.InRange(weights, 0, weightLimit);
        Assert.InRange(average, 0, weightLimit);
        if (name == "sgd_freeze10") run.AssertFrozenTensorsUntouched(10);
    }

    [SkippableFact]
    public void First_iterations_of_MuSGD_are_near_the_golden()
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, "musgd");
        // README: informative only; the reference itself differs from float64 by 1.2e-3 at iteration 3.
        for (int iteration = 0; iteration < 5; iteration++) run.Step(iteration, iteration == 0 ? 1e-5 : 1e-2);
    }

    [SkippableFact]
    public void First_outputs_and_gradients_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, "sgd");
        run.CompareFirstGradients();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bfloat16_moves_the_weights_as_float32_does(bool channelsLast)
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, "adamw", torch.bfloat16, channelsLast);
        // bfloat16 keeps 8 bits: single losses differ by percents. AdamW's small steps keep the runs side by side; SGD's at this rate
        // make even two float32 runs part ways.
        for (int iteration = 0; iteration < 5; iteration++)
        {
            double worst = run.Step(iteration, 0.2);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bfloat16 {iteration}: {worst:g3}"));
        }
        Assert.True(run.Movement() > 0.01, "the weights did not move");
    }

    [SkippableFact]
    public void Channels_last_gives_the_same_first_step()
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, "sgd", channelsLast: true);
        run.Step(0, 1e-5);
        run.CompareFirst(Folder + "sgd_after_1_iteration.safetensors", strict: true);
    }

    [SkippableFact]
    public void Steps_leave_no_tensor_behind()
    {
        using JsonDocument document = Shared.Json(Folder + "trajectory.json");
        using Trajectory run = Trajectory.Create(document, "adamw");
        for (int iteration = 0; iteration < 3; iteration++) run.Step(iteration, 1e-2);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int iteration = 3; iteration < 6; iteration++) run.Step(iteration, 1e-2);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Trajectory : IDisposable
    {
        private readonly JsonElement golden;
        private readonly int[] order;
        private readonly HashSet<string> noise;
        private readonly YoloNetwork network;
        private readonly IReadOnlyDictionary<string, torch.Tensor> start;
        private readonly IReadOnlyDictionary<string, torch.Tensor> batches;
        private readonly ClassicLoss loss;
        private readonly ParameterOptimizer optimizer;
        private readonly ModelAverage average;
        private readonly TrainingStep step;

        private Trajectory(JsonDocument document, string name, torch.ScalarType precision, bool channelsLast)
        {
            JsonElement root = document.RootElement;
            golden = root.GetProperty("runs").EnumerateArray().Single(run => run.GetProperty("name").GetString() == name);
            order = [.. root.GetProperty("batch_order").EnumerateArray().Select(item => item.GetInt32())];
            noise = [.. root.GetProperty("noise_only_tensors").EnumerateArray().Select(item => item.GetString()!)];
            start = Shared.Tensors(Folder + "tiny_init.safetensors");
            batches = Shared.Tensors(Folder + "batches.safetensors");
            network = new(ModelPlan.Create(ModelDefinition.Parse(Yaml(root.GetProperty("model")), "tiny.yaml")));
            using (torch.no_grad())
            {
                foreach (StateItem item in network.StateItems) item.Tensor.copy_(start[item.Name]);
            }
            if (channelsLast) network.ToChannelsLast();
            Freeze(golden.GetProperty("freeze_first_layers").GetInt32());
            network.train();

            OptimizerKind kind = Enum.Parse<OptimizerKind>(golden.GetProperty("optimizer").GetString()!);
            IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
                network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
                kind, golden.GetProperty("lr").GetDouble(), 0.937, 0.0005);
            Assert.Equal(
                golden.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("n").GetInt32()),
                groups.Select(group => group.Parameters.Count));
            optimizer = ParameterOptimizer.Create(kind, groups);
            loss = new(new DetectionLoss(network.RegMax, network.Strides));
            average = new(network.StateItems.Select(item => (item.Name, item.Tensor)));
            step = new(network, loss, optimizer, average, new() { Precision = precision, ChannelsLast = channelsLast });
        }

        public IEnumerable<(string Name, torch.Tensor Tensor)> State => network.StateItems.Select(item => (item.Name, item.Tensor));

        public IEnumerable<(string Name, torch.Tensor Tensor)> Average => average.State;

        public static Trajectory Create(
            JsonDocument document, string name, torch.ScalarType precision = torch.ScalarType.Float32, bool channelsLast = false) =>
            new(document, name, precision, channelsLast);

        /// <summary>Runs an iteration and compares its losses; returns the worst relative difference.</summary>
        public double Step(int iteration, double limit)
        {
            JsonElement expected = golden.GetProperty("iterations")[iteration];
            using StepResult result = step.Run(Batch(order[iteration]), iteration, accumulate: 1);
            double[] items = [.. result.Items.data<float>().Select(value => (double)value)];
            double[] goldenItems = expected.GetProperty("loss_items").Doubles();
            double worst = 0;
            for (int part = 0; part < 3; part++)
            {
                Golden.Near(goldenItems[part], items[part], limit, $"item {part} of iteration {iteration}");
                worst = Math.Max(worst, Math.Abs(items[part] / goldenItems[part] - 1));
            }
            Golden.Near(expected.GetProperty("total").GetDouble(), result.Total.ToDouble(), limit, $"total of iteration {iteration}");
            Assert.True(result.Stepped);
            if (iteration == 0 && limit <= 1e-5)
                Golden.Near(expected.GetProperty("grad_norm_before_clip").GetDouble(), result.GradientNorm!.ToDouble(), 1e-5, "norm");
            return worst;
        }

        /// <summary>sqrt(sum (mine - golden)^2 / sum (golden - start)^2) over all floating-point tensors.</summary>
        public double Compare(IEnumerable<(string Name, torch.Tensor Tensor)> state, string file, bool ignoreNoise)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected = Shared.Tensors(file);
            double difference = 0, movement = 0;
            foreach ((string name, torch.Tensor tensor) in state)
            {
                if (!tensor.is_floating_point() || (ignoreNoise && noise.Contains(name))) continue;
                difference += (tensor.detach() - expected[name]).to(torch.float64).square().sum().ToDouble();
                movement += (expected[name] - start[name]).to(torch.float64).square().sum().ToDouble();
            }
            return Math.Sqrt(difference / movement);
        }

        public double Movement()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return Math.Sqrt(State.Where(entry => entry.Tensor.is_floating_point())
                .Sum(entry => (entry.Tensor.detach() - start[entry.Name]).square().sum().ToDouble()));
        }

        public void CompareFirst(string file, bool strict)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected = Shared.Tensors(file);
            // README: 1e-5 for SGD; AdamW's first step is lr * sign of the gradient, so entries of no gradient to speak of are noise.
            if (strict) foreach ((string name, torch.Tensor tensor) in State) Golden.Close(expected[name], tensor, 1e-5, name);
            else Assert.InRange(Compare(State, file, ignoreNoise: true), 0, 0.02);
        }

        public void CompareFirstGradients()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected = Shared.Tensors(Folder + "sgd_iter0.safetensors");
            ImageBatch batch = Batch(order[0]);
            NetworkOutput raw = network.call(TrainingStep.Input(batch.Images, torch.float32, false));
            Golden.Close(expected["fwd0.boxes"], raw.OneToMany!.Boxes, 1e-4 * expected["fwd0.boxes"].abs().max().ToDouble(), "boxes");
            Golden.Close(expected["fwd0.scores"], raw.OneToMany.Scores, 1e-4 * expected["fwd0.scores"].abs().max().ToDouble(), "scores");
            loss.Compute(raw, batch).Total.backward();
            foreach (StateItem item in network.StateItems)
            {
                if (!expected.TryGetValue("grad0." + item.Name, out torch.Tensor? gradient)) continue;
                // 1e-4 relative to the largest entry, as for the loss's own gradients.
                Golden.Close(gradient, item.Tensor.grad!, 1e-4 * gradient.abs().max().ToDouble(), item.Name);
            }
        }

        public void AssertFrozenTensorsUntouched(int layers)
        {
            foreach (StateItem item in network.StateItems.Where(item => item.Layer < layers))
                Assert.True((item.Tensor == start[item.Name]).all().ToBoolean(), item.Name + " moved");
        }

        public void Dispose()
        {
            optimizer.Dispose();
            average.Dispose();
            loss.Dispose();
            network.Dispose();
        }

        private void Freeze(int layers)
        {
            foreach (NetworkLayer layer in network.Layers.Where(layer => layer.Index < layers))
            {
                foreach (torch.nn.Module module in layer.Module.modules())
                {
                    if (module is BatchNorm2d norm) norm.KeepStatistics = true;
                }
                foreach (var parameter in layer.Module.parameters()) parameter.requires_grad = false;
            }
        }

        private ImageBatch Batch(int index) => new()
        {
            Images = batches[$"b{index}.img"],
            Targets = new()
            {
                ImageIndex = batches[$"b{index}.batch_idx"],
                Classes = batches[$"b{index}.cls"],
                Boxes = batches[$"b{index}.bboxes"],
            },
        };

        private static string Yaml(JsonElement model)
        {
            StringBuilder yaml = new("nc: 3\nreg_max: 4\nscale: n\nscales:\n  n: [1.0, 1.0, 1024]\nbackbone:\n");
            foreach (JsonElement layer in model.GetProperty("layers").EnumerateArray())
            {
                int index = layer.GetProperty("index").GetInt32();
                if (index == 11) yaml.Append("head:\n");
                string arguments = layer.GetProperty("args").GetRawText().Replace("null", "None", StringComparison.Ordinal)
                    .Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal);
                string module = layer.GetProperty("module").GetString()!;
                yaml.Append(CultureInfo.InvariantCulture, $"  - [{layer.GetProperty("from").GetRawText()}, 1, {module}, {arguments}]\n");
            }
            return yaml.ToString();
        }
    }
}
