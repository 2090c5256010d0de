using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

public sealed class OptimizerTests
{
    [SkippableFact]
    public void Three_steps_of_MuSGD_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "musgd.json");
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyDictionary<string, torch.Tensor> golden = Shared.Tensors(Golden.Folder + "musgd.safetensors");
        string[] names = ["conv", "linear_wide", "linear_tall", "dw", "bias"];
        Dictionary<string, torch.Tensor> values = names.ToDictionary(name => name, name => golden["init." + name].clone().requires_grad_());
        using ParameterOptimizer optimizer = ParameterOptimizer.Create(OptimizerKind.MuSGD, ParameterGroups.Create(
            values.Select(entry => new TrainableParameter(entry.Key, entry.Value)), OptimizerKind.MuSGD, 0.01, 0.9, 0.0005));
        for (int step = 0; step < 3; step++)
        {
            foreach (string name in names) values[name].grad = golden[$"step{step}.grad.{name}"].clone();
            optimizer.Step();
            foreach (string name in names)
            {
                // README: 2e-3 on parameters that take the bfloat16 step, 1e-6 on the bias.
                Golden.Close(golden[$"step{step}.after.{name}"], values[name], name == "bias" ? 1e-6 : 2e-3, $"{name} after step {step}");
            }
        }
    }

    [Theory]
    [InlineData(OptimizerKind.SGD)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.RMSProp)]
    [InlineData(OptimizerKind.NAdam)]
    public void Steps_equal_those_of_TorchSharp(OptimizerKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.random.manual_seed(3);
        torch.Tensor start = torch.randn(5, 4);
        using TorchSharp.Modules.Parameter theirs = new(start.clone());
        torch.Tensor ours = start.clone().requires_grad_();
        using torch.optim.Optimizer expected = kind switch
        {
            OptimizerKind.SGD => torch.optim.SGD([theirs], 0.01, 0.9, weight_decay: 0.05, nesterov: true),
            OptimizerKind.Adam => torch.optim.Adam([theirs], 0.01, 0.9, 0.999, weight_decay: 0.05),
            OptimizerKind.AdamW => torch.optim.AdamW([theirs], 0.01, 0.9, 0.999, weight_decay: 0.05),
            OptimizerKind.RMSProp => torch.optim.RMSProp([theirs], 0.01, momentum: 0.9, weight_decay: 0.05),
            _ => torch.optim.NAdam([theirs], 0.01, 0.9, 0.999, weight_decay: 0.05),
        };
        using ParameterOptimizer actual = ParameterOptimizer.Create(
            kind, ParameterGroups.Create([new("a.conv", ours)], kind, 0.01, 0.9, 0.05));
        for (int step = 0; step < 5; step++)
        {
            torch.Tensor gradient = torch.randn(5, 4);
            theirs.grad = gradient.clone();
            ours.grad = gradient.clone();
            expected.step();
            actual.Step();
            Golden.Close(theirs.detach(), ours, 2e-6, $"step {step}"); // a few float32 roundings of numbers near 3
        }
    }

    [Theory]
    [InlineData(OptimizerKind.SGD)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.RMSProp)]
    [InlineData(OptimizerKind.NAdam)]
    [InlineData(OptimizerKind.MuSGD)]
    public void A_restored_optimiser_goes_on_as_the_one_that_was_saved(OptimizerKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.random.manual_seed(5);
        torch.Tensor[] gradients = [.. Enumerable.Range(0, 4).Select(_ => torch.randn(4, 3))];
        torch.Tensor first = torch.randn(4, 3).requires_grad_();
        using ParameterOptimizer saved = Over(first);
        Run(saved, first, gradients[..2]);
        torch.Tensor second = first.detach().clone().requires_grad_();
        using ParameterOptimizer restored = Over(second);
        restored.LoadState(saved.SaveState());
        Run(saved, first, gradients[2..]);
        Run(restored, second, gradients[2..]);
        Golden.Close(first.detach(), second, 0);

        ParameterOptimizer Over(torch.Tensor value) =>
            ParameterOptimizer.Create(kind, ParameterGroups.Create([new("a.conv", value)], kind, 0.01, 0.9, 0.0005));

        static void Run(ParameterOptimizer optimizer, torch.Tensor value, torch.Tensor[] gradients)
        {
            foreach (torch.Tensor gradient in gradients)
            {
                value.grad = gradient.clone();
                optimizer.Step();
            }
        }
    }

    [Fact]
    public void State_of_another_shape_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ParameterOptimizer optimizer = ParameterOptimizer.Create(
            OptimizerKind.SGD, ParameterGroups.Create([new("a.conv", torch.zeros(2, 2))], OptimizerKind.SGD, 0.01, 0.9, 0));
        Assert.Throws<TrainingException>(
            () => optimizer.LoadState(new Dictionary<string, torch.Tensor> { ["a.conv/momentum"] = torch.zeros(3) }));
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_alone_and_a_multiplier_scales_its_rate()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor idle = torch.ones(2, 2).requires_grad_(), plain = torch.ones(2, 2).requires_grad_();
        torch.Tensor tenth = torch.ones(2, 2).requires_grad_(), frozen = torch.ones(2, 2);
        using ParameterOptimizer optimizer = ParameterOptimizer.Create(OptimizerKind.SGD, ParameterGroups.Create(
            [new("idle", idle), new("plain", plain), new("tenth", tenth, 0.1), new("frozen", frozen)], OptimizerKind.SGD, 0.5, 0, 0.1));
        foreach (torch.Tensor value in (torch.Tensor[])[plain, tenth]) value.grad = torch.ones(2, 2);
        optimizer.Step();
        Golden.Close(torch.ones(2, 2), idle, 0);
        Golden.Close(torch.ones(2, 2), frozen, 0);
        Golden.Close(torch.full([2, 2], 1 - (0.5 * 1.1)), plain, 1e-6);
        Golden.Close(torch.full([2, 2], 1 - (0.05 * 1.1)), tenth, 1e-6);
        optimizer.ZeroGradients();
        Assert.Null(plain.grad);
    }

    [Fact]
    public void A_parameter_cannot_stand_in_two_groups()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor value = torch.zeros(2);
        Assert.Throws<ArgumentException>(
            () => ParameterGroups.Create([new("a.bias", value), new("b.bias", value)], OptimizerKind.SGD, 0.1, 0.9, 0));
        Assert.Throws<ArgumentException>(
            () => ParameterGroups.Create([new("a.bias", value), new("a.bias", torch.zeros(2))], OptimizerKind.SGD, 0.1, 0.9, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void Clipping_limits_the_common_norm_and_takes_the_loss_scale_out(double scale)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor first = torch.zeros(1).requires_grad_(), second = torch.zeros(1).requires_grad_();
        IReadOnlyList<ParameterGroup> groups =
            ParameterGroups.Create([new("a.bias", first), new("b.bias", second)], OptimizerKind.SGD, 0.1, 0.9, 0);
        first.grad = torch.tensor([30f]) * scale;
        second.grad = torch.tensor([40f]) * scale;
        Assert.Equal(50, GradientClipping.Clip(groups, 10, scale).ToDouble(), 4);
        Assert.Equal(6, first.grad!.ToDouble(), 4);
        Assert.Equal(8, second.grad!.ToDouble(), 4);
        GradientClipping.Clip(groups, 100);
        Assert.Equal(6, first.grad!.ToDouble(), 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_kernel_of_Adam_steps_as_general_operations_do(bool decoupled)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[][] shapes = [[1], [7], [16], [40, 3], [33, 5, 3, 3], [64, 96, 1, 1], [16, 3, 3, 3]];
        IReadOnlyList<torch.Tensor> fast = Parameters(shapes), plain = Parameters(shapes);
        using AdamOptimizer kernel = new(Groups(fast), decoupled), general = new(Groups(plain), decoupled) { UsesKernel = false };
        Assert.True(kernel.UsesKernel);
        for (int step = 0; step < 5; step++)
        {
            for (int i = 0; i < shapes.Length; i++)
            {
                fast[i].grad = (fast[i].detach() * (step + 1)).cos().mul_(1 + i);
                plain[i].grad = fast[i].grad!.clone();
            }
            kernel.Step();
            general.Step();
        }
        // Five steps, each of which rounds a handful of times: 1e-7 of the values near one.
        for (int i = 0; i < shapes.Length; i++) Golden.Close(plain[i], fast[i], 2e-6);

        static IReadOnlyList<torch.Tensor> Parameters(long[][] shapes) =>
            [.. shapes.Select(shape =>
                ChannelsLast(torch.linspace(-1, 1, shape.Aggregate((a, b) => a * b)).reshape(shape)).requires_grad_())];
        static torch.Tensor ChannelsLast(torch.Tensor value) =>
            value.dim() == 4 ? value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : value;
        IReadOnlyList<ParameterGroup> Groups(IReadOnlyList<torch.Tensor> values) => ParameterGroups.Create(
            values.Select((value, i) => new TrainableParameter($"{i}.conv", value, i == 2 ? 0.5 : 1)), OptimizerKind.AdamW, 0.01, 0.9,
            0.05);
    }

    [Fact]
    public void Clipping_sees_what_is_not_finite_and_gradients_that_are_not_dense()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor first = torch.zeros(5000).requires_grad_(), second = torch.zeros(8, 4, 3, 3).requires_grad_();
        IReadOnlyList<ParameterGroup> groups =
            ParameterGroups.Create([new("a.bias", first), new("b.conv", second)], OptimizerKind.SGD, 0.1, 0.9, 0);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            first.grad = torch.full([5000], bad);
            second.grad = torch.ones(8, 4, 3, 3);
            Assert.False(double.IsFinite(GradientClipping.Clip(groups, 10).ToDouble()));
        }
        first.grad = torch.ones(5000);
        second.grad = torch.ones(8, 4, 3, 3);
        Assert.Equal(Math.Sqrt(5000 + 288), GradientClipping.Clip(groups, 1).ToDouble(), 4);
        Assert.Equal(1, Math.Sqrt(Math.Pow(first.grad!.norm().ToDouble(), 2) + Math.Pow(second.grad!.norm().ToDouble(), 2)), 4);
        first.grad = torch.ones(5000, 2).select(1, 0);
        second.grad = torch.ones(8, 4, 3, 3);
        Assert.Equal(Math.Sqrt(5000 + 288), GradientClipping.Clip(groups, 1e9).ToDouble(), 4);
    }

    [Fact]
    public void The_scaler_skips_an_overflow_and_recovers()
    {
        GradientScaler scaler = new();
        Assert.False(scaler.Update(finite: false));
        Assert.Equal(32768, scaler.Scale);
        for (int step = 0; step < GradientScaler.GrowthInterval; step++) Assert.True(scaler.Update(finite: true));
        Assert.Equal(65536, scaler.Scale);
        Assert.Equal(1, scaler.Skipped);
    }
}
