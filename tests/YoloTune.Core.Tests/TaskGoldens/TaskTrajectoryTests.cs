using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Tasks;
using YoloTune.Tests.Training;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>
/// Ten iterations of tiny models for keypoints and oriented boxes against the reference's own, at the limits of their README.
/// </summary>
public sealed class TaskTrajectoryTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("pose", "sgd", 1e-3)]
    [InlineData("pose", "adamw", 1e-2)]
    [InlineData("pose", "pose26_sgd", 1e-3)]
    [InlineData("pose", "pose26_adamw", null)]
    [InlineData("obb", "sgd", 1e-3)]
    [InlineData("obb", "adamw", 1e-2)]
    [InlineData("obb", "obb26_sgd", 1e-3)]
    [InlineData("obb", "obb26_adamw", 1e-2)]
    public void Ten_iterations_give_the_losses_weights_and_average_of_the_golden(string task, string name, double? weightLimit)
    {
        using Run run = new(task, name);
        double worst = 0;
        for (int iteration = 0; iteration < 10; iteration++)
        {
            // README: 5e-5 for the first iteration, 2e-4 for the first five, 1e-3 for all.
            double difference = run.Step(iteration, iteration == 0 ? 5e-5 : iteration < 5 ? 2e-4 : 1e-3);
            worst = Math.Max(worst, difference);
            if (iteration is 0 or 4 or 9)
                output.WriteLine(FormattableString.Invariant($"{task} {name} to iteration {iteration + 1}: {worst:g3}"));
            if (iteration == 0 && name.EndsWith("sgd", StringComparison.Ordinal)) run.CompareState("after1", 1e-5);
        }
        if (weightLimit is not { } limit) return;
        double weights = run.Movement(run.State, "final");
        output.WriteLine(FormattableString.Invariant($"{task} {name} weights: {weights:g3}"));
        Assert.InRange(weights, 0, limit);
        if (name == "sgd") Assert.InRange(run.Movement(run.Average, "ema"), 0, limit);
    }

    [SkippableTheory]
    [InlineData("pose", "sgd")]
    [InlineData("pose", "pose26_sgd")]
    [InlineData("obb", "sgd")]
    [InlineData("obb", "obb26_sgd")]
    public void First_outputs_and_gradients_equal_the_golden(string task, string name)
    {
        using Run run = new(task, name);
        run.CompareFirst();
    }

    private sealed class Run : IDisposable
    {
        private readonly JsonDocument document;
        private readonly JsonElement golden;
        private readonly string folder, task;
        private readonly int[] order;
        private readonly IReadOnlyDictionary<string, torch.Tensor> batches, start;
        private readonly YoloNetwork network;
        private readonly ICriterion criterion;
        private readonly ParameterOptimizer optimizer;
        private readonly ModelAverage average;
        private readonly TrainingStep step;

        public Run(string task, string name)
        {
            this.task = task;
            folder = $"reference/tasks/{task}/goldens/trajectory/";
            document = Shared.Json(folder + "trajectory.json");
            JsonElement root = document.RootElement;
            golden = root.GetProperty("runs").GetProperty(name);
            order = [.. root.GetProperty("batch_order").EnumerateArray().Select(item => item.GetInt32())];
            batches = Shared.Tensors(folder + "batches.safetensors");
            bool classic = golden.GetProperty("model").GetString() == "classic";
            string weights = folder + (classic ? "tiny_init.safetensors" : "tiny26_init.safetensors");
            start = Shared.Tensors(weights);
            network = TinyTaskModel.Create(root, classic ? "classic" : task + "26", weights);
            network.train();
            OptimizerKind kind = golden.GetProperty("optimizer").GetString() == "sgd" ? OptimizerKind.SGD : OptimizerKind.AdamW;
            IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
                network.StateItems.Where(item => !item.IsBuffer && !item.IsConstant)
                    .Select(item => new TrainableParameter(item.Name, item.Tensor)),
                kind, golden.GetProperty("lr").GetDouble(), 0.937, 0.0005);
            optimizer = ParameterOptimizer.Create(kind, groups);
            criterion = ((YoloTask)network.Plan.Task).CreateCriterion(network, new() { Epochs = 5 });
            average = new(network.StateItems.Select(item => (item.Name, item.Tensor)));
            step = new(network, criterion, optimizer, average);
        }

        public IEnumerable<(string Name, torch.Tensor Tensor)> State => network.StateItems.Select(item => (item.Name, item.Tensor));

        public IEnumerable<(string Name, torch.Tensor Tensor)> Average => average.State;

        public double Step(int iteration, double limit)
        {
            // README: one update of the schedule after five iterations.
            if (iteration == 5) criterion.SetFinishedEpochs(1);
            JsonElement expected = golden.GetProperty("iterations")[iteration];
            using StepResult result = step.Run(Batch(order[iteration]), iteration, accumulate: 1);
            double[] items = [.. result.Items.data<float>().Select(value => (double)value)];
            double[] wanted = expected.GetProperty("items").Doubles();
            Assert.Equal(wanted.Length, items.Length);
            double worst = 0;
            for (int part = 0; part < wanted.Length; part++)
            {
                Golden.Near(wanted[part], items[part], limit, $"{criterion.Names[part]} of iteration {iteration}");
                if (wanted[part] != 0) worst = Math.Max(worst, Math.Abs((items[part] / wanted[part]) - 1));
            }
            Golden.Near(expected.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), limit,
                $"total of iteration {iteration}");
            if (iteration == 0)
                Golden.Near(expected.GetProperty("grad_norm_before_clip").GetDouble(), result.GradientNorm!.ToDouble(), 1e-4, "norm");
            return worst;
        }

        public void CompareState(string file, double tolerance)
        {
            if (!golden.GetProperty("files").TryGetProperty(file, out JsonElement name)) return;
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected = Shared.Tensors(folder + name.GetString());
            foreach ((string item, torch.Tensor tensor) in State) Golden.Close(expected[item], tensor, tolerance, item);
        }

        /// <summary>sqrt(sum (mine - golden)^2 / sum (golden - start)^2) over all floating-point tensors.</summary>
        public double Movement(IEnumerable<(string Name, torch.Tensor Tensor)> state, string file)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected =
                Shared.Tensors(folder + golden.GetProperty("files").GetProperty(file).GetString());
            double difference = 0, movement = 0;
            foreach ((string name, torch.Tensor tensor) in state)
            {
                if (!tensor.is_floating_point()) continue;
                difference += (tensor.detach() - expected[name]).to(torch.float64).square().sum().ToDouble();
                movement += (expected[name] - start[name]).to(torch.float64).square().sum().ToDouble();
            }
            return Math.Sqrt(difference / movement);
        }

        public void CompareFirst()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            IReadOnlyDictionary<string, torch.Tensor> expected =
                Shared.Tensors(folder + golden.GetProperty("files").GetProperty("iter0").GetString());
            ImageBatch batch = Batch(order[0]);
            NetworkOutput raw = network.call(TrainingStep.Input(batch.Images, torch.float32, false));
            if (raw.OneToOne is null)
            {
                HeadOutput many = raw.OneToMany!;
                foreach ((string name, torch.Tensor? tensor) in ((string, torch.Tensor?)[])[
                    ("boxes", many.Boxes), ("scores", many.Scores), ("kpts", many.Keypoints), ("angle", many.Angles)])
                {
                    if (expected.TryGetValue(name, out torch.Tensor? wanted))
                        Golden.Close(wanted, tensor!, 1e-4 * wanted.abs().max().ToDouble(), name);
                }
            }
            criterion.Compute(raw, batch).Total.backward();
            int compared = 0;
            foreach (StateItem item in network.StateItems)
            {
                if (!expected.TryGetValue("grad." + item.Name, out torch.Tensor? gradient)) continue;
                // 1e-4 relative to the largest entry, as for the loss's own gradients; 1e-3 for the flow.
                double limit = item.Name.Contains("flow_model", StringComparison.Ordinal) ? 1e-3 : 1e-4;
                Golden.Close(gradient, item.Tensor.grad!, limit * gradient.abs().max().ToDouble(), item.Name);
                compared++;
            }
            Assert.True(compared > 0);
        }

        public void Dispose()
        {
            optimizer.Dispose();
            average.Dispose();
            criterion.Dispose();
            network.Dispose();
            document.Dispose();
        }

        private ImageBatch Batch(int index)
        {
            torch.Tensor boxes = batches[$"{index}.bboxes"];
            return new()
            {
                Images = batches[$"{index}.img"],
                Targets = new()
                {
                    ImageIndex = batches[$"{index}.batch_idx"],
                    Classes = batches[$"{index}.cls"],
                    Boxes = boxes,
                    Parts = task == "pose"
                        ? new Dictionary<string, torch.Tensor> { ["keypoints"] = batches[$"{index}.keypoints"] }
                        : new Dictionary<string, torch.Tensor> { ["rotated"] = boxes },
                },
            };
        }
    }
}
