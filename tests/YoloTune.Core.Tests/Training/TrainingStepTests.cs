using TorchSharp;
using Xunit;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

public sealed class TrainingStepTests
{
    [Fact]
    public void A_float16_step_that_overflows_is_skipped_and_the_next_one_moves_the_weights()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ScaleNetwork network = new();
        SumLoss loss = new() { Factor = float.PositiveInfinity };
        using ParameterOptimizer optimizer = Optimizer(network);
        using ModelAverage average = new([("weight", network.Weight)]);
        TrainingStep step = new(network, loss, optimizer, average, new() { Precision = torch.float16 });
        using DetectionBatch batch = Batch();

        StepResult first = step.Run(batch, 0, 1);
        Assert.False(first.Stepped);
        Assert.Equal(1, network.Weight.ToSingle());
        Assert.Equal(32768, step.Scaler!.Scale);
        Assert.Equal(0, average.Updates);

        loss.Factor = 1;
        StepResult second = step.Run(batch, 1, 1);
        Assert.True(second.Stepped);
        // 255 / 255 in each of 48 values; the scale is out of norm and step again, and the norm is clipped to 10.
        Assert.Equal(48, second.GradientNorm!.ToSingle(), 3);
        Assert.Equal(1 - (0.1 * 10), network.Weight.ToSingle(), 4);
        Assert.Equal(1, average.Updates);
    }

    [Fact]
    public void Gradients_of_accumulated_batches_add_up_until_the_step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ScaleNetwork network = new();
        using ParameterOptimizer optimizer = Optimizer(network);
        TrainingStep step = new(network, new SumLoss(), optimizer, null, new() { GradientNorm = 1000 });
        using DetectionBatch batch = Batch();
        Assert.True(step.Run(batch, 0, 1).Stepped);
        float before = network.Weight.ToSingle();
        Assert.False(step.Run(batch, 1, 2).Stepped);
        Assert.Equal(before, network.Weight.ToSingle());
        StepResult due = step.Run(batch, 2, 2);
        Assert.True(due.Stepped);
        Assert.Equal(96, due.GradientNorm!.ToSingle(), 3);
    }

    [Fact]
    public void The_first_tensor_that_is_not_finite_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ScaleNetwork network = new();
        using ParameterOptimizer optimizer = Optimizer(network);
        TrainingStep step = new(network, new SumLoss(), optimizer, null);
        Assert.Null(step.FirstNonFinite());
        network.Weight.grad = torch.tensor(float.NaN);
        Assert.Equal("weight (gradient)", step.FirstNonFinite());
        using (torch.no_grad()) network.Weight.fill_(float.PositiveInfinity);
        Assert.Equal("weight", step.FirstNonFinite());
    }

    [Fact]
    public void Pixels_become_fractions_in_the_layout_asked_for()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = torch.arange(2 * 3 * 4 * 4, torch.uint8).view(2, 3, 4, 4);
        torch.Tensor plain = TrainingStep.Input(images, torch.float32, channelsLast: false);
        torch.Tensor last = TrainingStep.Input(images, torch.float32, channelsLast: true);
        Assert.True(plain.is_contiguous());
        Assert.True(last.permute(0, 2, 3, 1).is_contiguous());
        Golden.Close(images.to(torch.float32) / 255, plain, 0);
        Golden.Close(plain, last, 0);
    }

    private static ParameterOptimizer Optimizer(ScaleNetwork network) => ParameterOptimizer.Create(
        OptimizerKind.SGD, ParameterGroups.Create([new("weight", network.Weight)], OptimizerKind.SGD, 0.1, 0, 0));

    private static DetectionBatch Batch() => new()
    {
        Images = torch.full([1, 3, 4, 4], 255, torch.uint8),
        ImageIndex = torch.zeros([0]),
        Classes = torch.zeros([0]),
        Boxes = torch.zeros([0, 4]),
    };

    /// <summary>One weight times the image, as scores.</summary>
    private sealed class ScaleNetwork : torch.nn.Module<torch.Tensor, NetworkOutput>
    {
        public ScaleNetwork() : base(nameof(ScaleNetwork)) => Weight = torch.ones([]).DetachFromDisposeScope().requires_grad_();

        public torch.Tensor Weight { get; }

        public override NetworkOutput forward(torch.Tensor input)
        {
            torch.Tensor scores = (input.to(torch.float32) * Weight).view(1, 3, -1);
            return new() { OneToMany = new() { Boxes = scores, Scores = scores, Grids = [(4, 4)] } };
        }

        protected override void Dispose(bool disposing)
        {
            Weight.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class SumLoss : IDetectionCriterion
    {
        public float Factor { get; set; } = 1;

        public LossResult Compute(NetworkOutput output, DetectionBatch batch) =>
            new(output.OneToMany!.Scores.sum() * Factor, torch.zeros([3]));

        public void SetFinishedEpochs(int finished)
        {
        }

        public void Dispose()
        {
        }
    }
}
