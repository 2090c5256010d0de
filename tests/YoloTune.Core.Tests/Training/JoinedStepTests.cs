using TorchSharp;
using Xunit;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

/// <summary>
/// What a graphics card does with all parameters at once, on the processor: it has to give what one after the other gives.
/// </summary>
public sealed class JoinedStepTests
{
    // The same operations on the same float32 values; the end of a vector is rounded otherwise than its middle.
    private const double Tolerance = 1e-6;

    private static readonly long[][] Shapes = [[8, 3, 3, 3], [8], [8], [5, 8, 1, 1], [5], [7, 5], [3, 1, 2, 2], [1]];

    [Theory]
    [InlineData(OptimizerKind.SGD)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.RMSProp)]
    [InlineData(OptimizerKind.NAdam)]
    [InlineData(OptimizerKind.MuSGD)]
    public void A_step_of_all_parameters_at_once_equals_steps_one_after_the_other(OptimizerKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<TrainableParameter> single = Parameters(), together = Parameters();
        using ParameterOptimizer expected = Optimizer(kind, single, joins: false);
        ParameterOptimizer actual = Optimizer(kind, together, joins: true);
        for (int step = 0; step < 6; step++)
        {
            // One parameter stands out of a step, so that its count of steps differs from then on.
            Give(single, step);
            Give(together, step);
            expected.Step();
            actual.Step();
            for (int i = 0; i < single.Count; i++)
                Golden.Close(single[i].Value, together[i].Value, Tolerance, $"{single[i].Name} after step {step}");
            if (step != 3) continue;
            Dictionary<string, torch.Tensor> saved = actual.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
            Assert.Equal(expected.SaveState().Keys.Order(), saved.Keys.Order());
            foreach ((string name, torch.Tensor tensor) in expected.SaveState())
            {
                Assert.Equal(tensor.shape, saved[name].shape);
                Golden.Close(tensor, saved[name], Tolerance, name);
            }
            actual.Dispose();
            actual = Optimizer(kind, together, joins: true);
            actual.LoadState(saved);
        }
        actual.Dispose();
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(1e9, 1)]
    [InlineData(0.1, 1024)]
    public void Gradients_joined_for_clipping_equal_those_clipped_one_by_one(double maximum, double scale)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<TrainableParameter> single = Parameters(), together = Parameters();
        Give(single, 0);
        Give(together, 0);
        torch.Tensor expected = GradientClipping.Clip(Groups(single, OptimizerKind.SGD), maximum, scale);
        torch.Tensor actual = GradientClipping.Clip(Groups(together, OptimizerKind.SGD), maximum, scale, joins: true);
        Golden.Close(expected, actual, Tolerance, "norm");
        for (int i = 0; i < single.Count; i++)
        {
            if (single[i].Value.grad is not torch.Tensor gradient) continue;
            Assert.Equal(gradient.shape, together[i].Value.grad!.shape);
            Golden.Close(gradient, together[i].Value.grad!, Tolerance, single[i].Name);
        }
    }

    [Fact]
    public void An_average_in_one_tensor_equals_that_of_each()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<TrainableParameter> parameters = Parameters();
        IEnumerable<(string, torch.Tensor)> state =
            [.. parameters.Select(parameter => (parameter.Name, parameter.Value)), ("batches", torch.tensor(3L))];
        using ModelAverage expected = new(state), actual = new(state, joinsEverywhere: true);
        for (int update = 0; update < 4; update++)
        {
            using (torch.no_grad())
            {
                foreach (TrainableParameter parameter in parameters) parameter.Value.mul_(0.9).add_(update);
            }
            expected.Update();
            actual.Update();
            if (update == 2)
                actual.Restore(expected.State.ToDictionary(entry => entry.Name, entry => entry.Tensor.clone()), expected.Updates);
        }
        Assert.Equal(expected.State.Select(entry => entry.Name), actual.State.Select(entry => entry.Name));
        foreach (((string name, torch.Tensor one), (_, torch.Tensor other)) in expected.State.Zip(actual.State))
            Golden.Close(one, other, Tolerance, name);
    }

    private static List<TrainableParameter> Parameters()
    {
        torch.random.manual_seed(5);
        List<TrainableParameter> parameters = [];
        for (int i = 0; i < Shapes.Length; i++)
        {
            torch.Tensor value = torch.randn(Shapes[i]);
            // Kernels lie channels-last while a network trains.
            if (Shapes[i].Length == 4) value = value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            string kind = Shapes[i].Length > 1 ? "conv.weight" : i % 2 == 0 ? "bn.weight" : "conv.bias";
            parameters.Add(new($"model.{i}.{kind}", value.requires_grad_(), i == 3 ? 0.5 : 1));
        }
        return parameters;
    }

    private static void Give(List<TrainableParameter> parameters, int step)
    {
        torch.random.manual_seed(100 + step);
        for (int i = 0; i < parameters.Count; i++)
        {
            torch.Tensor gradient = torch.randn(Shapes[i]);
            parameters[i].Value.grad = i == 4 && step == 2 ? null : gradient;
        }
    }

    private static IReadOnlyList<ParameterGroup> Groups(List<TrainableParameter> parameters, OptimizerKind kind) =>
        ParameterGroups.Create(parameters, kind, 0.01, 0.9, 0.05);

    private static ParameterOptimizer Optimizer(OptimizerKind kind, List<TrainableParameter> parameters, bool joins)
    {
        IReadOnlyList<ParameterGroup> groups = Groups(parameters, kind);
        return kind switch
        {
            OptimizerKind.SGD => new SgdOptimizer(groups) { JoinsEverywhere = joins },
            OptimizerKind.Adam => new AdamOptimizer(groups, decoupled: false) { JoinsEverywhere = joins, UsesKernel = false },
            OptimizerKind.AdamW => new AdamOptimizer(groups, decoupled: true) { JoinsEverywhere = joins, UsesKernel = false },
            OptimizerKind.RMSProp => new RmsPropOptimizer(groups) { JoinsEverywhere = joins },
            OptimizerKind.NAdam => new NAdamOptimizer(groups) { JoinsEverywhere = joins },
            _ => new MuSgdOptimizer(groups) { JoinsEverywhere = joins },
        };
    }
}
