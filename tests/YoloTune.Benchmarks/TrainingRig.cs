using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Tasks;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Benchmarks;

/// <summary>A model with everything a run puts around it, in one number format and layout.</summary>
internal sealed class TrainingRig : IDisposable
{
    private const double LearningRate = 1e-4, Momentum = 0.9, WeightDecay = 5e-4;
    private readonly YoloModel model;
    private readonly ICriterion criterion;
    private readonly ParameterOptimizer optimizer;
    private readonly ModelAverage average;
    private long iteration;

    public TrainingRig(Variant variant, YoloModel model)
    {
        this.model = model;
        YoloNetwork network = model.Network;
        if (variant.ChannelsLast) network.ToChannelsLast();
        network.train();
        criterion = YoloTask.ToTrain(network.Plan.Task, model.Name).CreateCriterion(network, new() { Epochs = 100 });
        optimizer = ParameterOptimizer.Create(OptimizerKind.AdamW, ParameterGroups.Create(
            model.Items.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
            OptimizerKind.AdamW, LearningRate, Momentum, WeightDecay));
        average = new ModelAverage(model.Items.Select(item => (item.Name, item.Tensor)));
        Step = new TrainingStep(network, criterion, optimizer, average,
            new() { Precision = variant.Type, ChannelsLast = variant.ChannelsLast });
    }

    public TrainingStep Step { get; }

    /// <summary>Trains on a batch as the loop of a run does, its reading of the losses included.</summary>
    public double[] Train(ImageBatch batch, int accumulate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        StepResult result = Step.Run(batch, iteration++, accumulate);
        return [.. result.Items.data<float>().Select(item => (double)item)];
    }

    public void Dispose()
    {
        optimizer.ZeroGradients();
        average.Dispose();
        optimizer.Dispose();
        criterion.Dispose();
        model.Dispose();
    }
}
