using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training.Optimizers;

namespace YoloTune.Training;

/// <summary>
/// What is done with one batch: forward, loss, backward and, when enough batches are accumulated, clipping, the optimiser's step and the
/// average's update. Gradients add up without division by the number of accumulated batches. It owns none of its parts.
/// </summary>
/// <remarks>
/// Values stay on the device. What is read back are sizes, which the host waits for: how many pairs of anchor and object the assigner found
/// (a few numbers each batch), and in float16 whether a gradient overflowed, before each step.
/// </remarks>
internal sealed class TrainingStep
{
    private readonly torch.nn.Module<torch.Tensor, NetworkOutput> network;
    private readonly ICriterion criterion;
    private readonly ParameterOptimizer optimizer;
    private readonly ModelAverage? average;
    private readonly TrainingStepOptions options;

    /// <summary>Puts the parts together.</summary>
    /// <param name="network">The network, in training mode.</param>
    /// <param name="criterion">The loss.</param>
    /// <param name="optimizer">The optimiser over the network's parameters.</param>
    /// <param name="average">The average to keep; null keeps none.</param>
    /// <param name="options">Precision, layout and clipping; null takes the defaults.</param>
    public TrainingStep(
        torch.nn.Module<torch.Tensor, NetworkOutput> network, ICriterion criterion, ParameterOptimizer optimizer,
        ModelAverage? average, TrainingStepOptions? options = null)
    {
        this.network = network;
        this.criterion = criterion;
        this.optimizer = optimizer;
        this.average = average;
        this.options = options ?? new();
        Scaler = this.options.Precision == torch.float16 ? new() : null;
    }

    /// <summary>The loss scale of a float16 run; null in other precisions.</summary>
    public GradientScaler? Scaler { get; }

    /// <summary>The batch of the last step, counted over the whole run; -1 before the first. A resumed run sets it.</summary>
    public long LastStep { get; set; } = -1;

    /// <summary>Runs the first layers in the network's place; null where they learn. It belongs to who sets it.</summary>
    internal FrozenPrefix? Prefix { get; set; }

    /// <summary>Called when a part of a step is done; for measurements.</summary>
    internal Action<StepPart>? PartDone { get; set; }

    /// <summary>
    /// Turns uint8 pixels [N, 3, H, W] into the network's input: 0 to 1 in the given precision and layout.
    /// </summary>
    public static torch.Tensor Input(torch.Tensor images, torch.ScalarType precision, bool channelsLast)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor pixels = channelsLast ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
        return pixels.to(torch.float32).div_(255).to(precision).MoveToOuterDisposeScope();
    }

    /// <summary>Works on one batch whose tensors are on the network's device.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="iteration">The batch's number over the whole run, from 0.</param>
    /// <param name="accumulate">Batches whose gradients make one step.</param>
    public StepResult Run(ImageBatch batch, long iteration, int accumulate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        NetworkOutput output = Forward(batch);
        PartDone?.Invoke(StepPart.Forward);
        LossValues loss = criterion.Compute(output, batch);
        PartDone?.Invoke(StepPart.Loss);
        double scale = Scaler?.Scale ?? 1;
        (scale == 1 ? loss.Total : loss.Total * scale).backward();
        PartDone?.Invoke(StepPart.Backward);

        torch.Tensor? norm = null;
        bool stepped = false;
        if (iteration - LastStep >= accumulate)
        {
            LastStep = iteration;
            norm = GradientClipping.Clip(optimizer.Groups, options.GradientNorm, scale);
            stepped = Scaler?.Update(double.IsFinite(norm.ToDouble())) ?? true;
            if (stepped) optimizer.Step();
            optimizer.ZeroGradients();
            PartDone?.Invoke(StepPart.Optimizer);
            if (stepped) average?.Update();
            PartDone?.Invoke(StepPart.Average);
        }
        return new(
            loss.Total.detach().MoveToOuterDisposeScope(), loss.Items.MoveToOuterDisposeScope(), norm?.MoveToOuterDisposeScope(), stepped);
    }

    private NetworkOutput Forward(ImageBatch batch)
    {
        if (Prefix is not null) return Prefix.Complete(batch.Features ?? Prefix.Run(batch.Images));
        torch.Tensor input = Input(batch.Images, options.Precision, options.ChannelsLast);
        PartDone?.Invoke(StepPart.Input);
        return network.call(input);
    }

    /// <summary>
    /// Names the first parameter that holds a value that is not finite, or whose gradient does, or null. It reads every tensor back, so it
    /// is for when something is known to be wrong.
    /// </summary>
    public string? FirstNonFinite()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (TrainableParameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            if (!parameter.Value.isfinite().all().ToBoolean()) return parameter.Name;
            if (parameter.Value.grad is torch.Tensor gradient && !gradient.isfinite().all().ToBoolean())
                return parameter.Name + " (gradient)";
        }
        return null;
    }
}

/// <summary>The parts of a training step, in their order; measurements tell them apart.</summary>
internal enum StepPart
{
    /// <summary>Pixels to the network's number format and layout.</summary>
    Input,

    /// <summary>The network.</summary>
    Forward,

    /// <summary>The loss and its assigner.</summary>
    Loss,

    /// <summary>The gradients.</summary>
    Backward,

    /// <summary>Clipping, the optimiser's step, dropping the gradients.</summary>
    Optimizer,

    /// <summary>The moving average of the weights.</summary>
    Average,
}

/// <summary>How a training step computes.</summary>
internal sealed record TrainingStepOptions
{
    /// <summary>The number format of the pass: float32, bfloat16 or float16.</summary>
    public torch.ScalarType Precision { get; init; } = torch.float32;

    /// <summary>Whether images are laid out with channels last; the network's kernels have to be as well.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The largest norm of the gradient of all parameters together.</summary>
    public double GradientNorm { get; init; } = 10;
}
