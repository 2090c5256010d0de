using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Runs.Recovery;
using YoloTune.Runs.Stages;
using YoloTune.Tasks;
using YoloTune.Training;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Runs;

/// <summary>The moving parts of a run that hold tensors: network, loss, optimiser, average. It knows nothing of files and epochs.</summary>
internal sealed class TrainingEngine : IDisposable
{
    private const string ModelPrefix = "model/", AveragePrefix = "average/", OptimizerPrefix = "optimizer/", GradientPrefix = "gradient/";
    private readonly YoloModel model;
    private readonly ModelAverage average;
    private readonly int batchSize;
    private readonly List<ModelItem> contiguous;
    private ParameterOptimizer optimizer;
    private TrainingStep step;
    private ClassRowKeeper keeper;
    private torch.ScalarType precision;

    /// <summary>Sets up the parts for a stage, whose freezing and factors are on the model already.</summary>
    public TrainingEngine(YoloModel model, PlannedStage stage, int batchSize)
    {
        this.model = model;
        this.batchSize = batchSize;
        Device = model.Items[0].Tensor.device;
        contiguous = [.. model.Items.Where(item => item.Tensor.dim() == 4 && item.Tensor.is_contiguous())];
        model.Network.ToChannelsLast();
        Criterion = NewCriterion(stage.Training);
        average = new ModelAverage(model.Items.Select(item => (item.Name, item.Tensor)));
        (optimizer, step, keeper) = Parts(stage);
        Averaged = AveragedModel();
    }

    public torch.Device Device { get; }

    public ICriterion Criterion { get; }

    public IReadOnlyList<ParameterGroup> Groups => optimizer.Groups;

    public TrainingStep Step => step;

    public long Updates => average.Updates;

    /// <summary>The first layers as far as nothing in them learns in this stage, or null.</summary>
    public FrozenPrefix? Prefix => step.Prefix;

    /// <summary>A second model with the averaged weights as they were at the last <see cref="RefreshAveraged"/>.</summary>
    public YoloModel Averaged { get; }

    /// <summary>A loss of the run's kind; its anchor points follow the batches it is given.</summary>
    public ICriterion NewCriterion(TrainingOptions options) =>
        YoloTask.ToTrain(model.Task, model.Name).CreateCriterion(model.Network, options);

    /// <summary>
    /// Goes over to another stage, whose freezing and factors are on the model already. What the optimiser remembers carries over for the
    /// parameters that stay trainable, when it stays the same optimiser; gradients that wait for a step are dropped.
    /// </summary>
    /// <param name="stage">The stage.</param>
    /// <param name="firstBatch">The batch it begins with, counted from the start of its schedule.</param>
    public void Enter(PlannedStage stage, long firstBatch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        optimizer.ZeroGradients();
        (ParameterOptimizer oldOptimizer, TrainingStep oldStep, ClassRowKeeper oldKeeper) = (optimizer, step, keeper);
        HashSet<string> trained = [.. oldOptimizer.Groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Name)];
        trained.ExceptWith(model.Items.Where(item => item.Frozen).Select(item => item.Name));
        (optimizer, step, keeper) = Parts(stage);
        if (optimizer.Kind == oldOptimizer.Kind)
        {
            optimizer.LoadState(oldOptimizer.SaveState().Where(entry => trained.Contains(entry.Key[..entry.Key.LastIndexOf('/')]))
                .ToDictionary(entry => entry.Key, entry => entry.Value));
        }
        if (oldStep.Scaler is { } scaler) step.Scaler?.Restore(scaler.Scale, scaler.GoodSteps);
        step.LastStep = firstBatch - 1;
        oldKeeper.Dispose();
        oldOptimizer.Dispose();
        oldStep.Prefix?.Dispose();
    }

    /// <summary>Trains on one batch.</summary>
    public StepResult Run(ImageBatch batch, long iteration, int accumulate)
    {
        StepResult result = step.Run(batch, iteration, accumulate);
        if (result.Stepped) keeper.Restore();
        return result;
    }

    /// <summary>The batch on the model's device.</summary>
    public ImageBatch OnDevice(ImageBatch batch) => batch.ToDevice(Device);

    /// <summary>Copies the average into <see cref="Averaged"/>.</summary>
    public void RefreshAveraged() => Copy(average.State, Averaged);

    /// <summary>The name of the first item of the average that is not finite, or null.</summary>
    public string? FirstNonFiniteAverage()
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        (string Name, torch.Tensor Tensor)[] entries = [.. average.State.Where(entry => entry.Tensor.is_floating_point())];
        // A sum is finite when all its terms are, as long as it does not overflow: then the slow look at each tensor decides.
        torch.Tensor sums = torch.stack([.. entries.Select(entry => entry.Tensor.sum())]);
        if (sums.isfinite().all().ToBoolean()) return null;
        return entries.Select(entry => (entry.Name, Finite: entry.Tensor.isfinite().all().ToBoolean()))
            .FirstOrDefault(entry => !entry.Finite).Name;
    }

    /// <summary>All tensors that the run goes on from.</summary>
    public IEnumerable<(string Name, torch.Tensor Tensor)> State()
    {
        foreach (ModelItem item in model.Items) yield return (ModelPrefix + item.Name, item.Tensor);
        foreach ((string name, torch.Tensor tensor) in average.State) yield return (AveragePrefix + name, tensor);
        foreach ((string name, torch.Tensor tensor) in optimizer.SaveState()) yield return (OptimizerPrefix + name, tensor);
        // Batches that no step has used up yet wait in the gradients.
        foreach (ModelItem item in model.Items.Where(item => !item.IsBuffer))
        {
            if (item.Tensor.grad is torch.Tensor gradient) yield return (GradientPrefix + item.Name, gradient);
        }
    }

    /// <summary>Takes up what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, torch.Tensor> tensors, ResumeState state)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        Copy(Part(tensors, ModelPrefix).Select(entry => (entry.Key, entry.Value)), model);
        average.Restore(Part(tensors, AveragePrefix), state.Updates);
        optimizer.LoadState(Part(tensors, OptimizerPrefix));
        optimizer.ZeroGradients();
        foreach ((string name, torch.Tensor gradient) in Part(tensors, GradientPrefix))
        {
            torch.Tensor parameter = model.Item(name).Tensor;
            torch.Tensor restored = torch.empty_like(parameter.detach());
            restored.copy_(gradient);
            parameter.grad = restored;
        }
        foreach ((ParameterGroup group, double momentum) in Groups.Zip(state.Momentum)) group.Momentum = momentum;
        RefreshPrefix();
        step.LastStep = state.LastStep;
        if (state.LossScale is double scale) step.Scaler?.Restore(scale, state.GoodSteps);
    }

    /// <summary>
    /// Gives the kernels the memory layout they came with: another layout takes other kernels, whose sums round otherwise, and a model
    /// whose weights did not change has to compute what it computed before, to the last bit.
    /// </summary>
    public void RestoreLayout()
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (torch.Tensor tensor in contiguous.Select(item => item.Tensor).Where(tensor => !tensor.is_contiguous()))
        {
            bool learns = tensor.requires_grad;
            tensor.set_(tensor.detach().contiguous());
            tensor.requires_grad = learns;
        }
    }

    /// <summary>
    /// Looks again at which first layers do not learn, and takes over their weights. It has to be called when either has changed.
    /// </summary>
    public void RefreshPrefix()
    {
        step.Prefix?.Dispose();
        step.Prefix = FrozenPrefix.Of(model.Network, precision);
    }

    public void Dispose()
    {
        step.Prefix?.Dispose();
        optimizer.ZeroGradients();
        keeper.Dispose();
        average.Dispose();
        optimizer.Dispose();
        Criterion.Dispose();
        Averaged.Dispose();
    }

    /// <summary>Copies values into a model by name.</summary>
    public static void Copy(IEnumerable<(string Name, torch.Tensor Tensor)> from, YoloModel to)
    {
        using IDisposable untracked = torch.no_grad();
        foreach ((string name, torch.Tensor tensor) in from) to.Item(name).Tensor.copy_(tensor);
    }

    private (ParameterOptimizer Optimizer, TrainingStep Step, ClassRowKeeper Keeper) Parts(PlannedStage stage)
    {
        (TrainingOptions options, OptimizerChoice choice) = (stage.Training, stage.Choice);
        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
            model.Items.Where(item => !item.IsBuffer)
                .Select(item => new TrainableParameter(item.Name, item.Tensor, item.LearningRateMultiplier)),
            choice.Kind, choice.LearningRate, choice.Momentum,
            LearningRateSchedule.ScaledWeightDecay(options.WeightDecay, batchSize, options.NominalBatchSize));
        ParameterOptimizer made = ParameterOptimizer.Create(choice.Kind, groups);
        precision = PrecisionResolver.TypeOf(options.Precision);
        TrainingStep work = new(model.Network, Criterion, made, average, new()
        {
            Precision = precision, ChannelsLast = true, GradientNorm = options.GradientNorm,
        })
        {
            Prefix = FrozenPrefix.Of(model.Network, precision),
        };
        return (made, work, new ClassRowKeeper(model, average));
    }

    private static Dictionary<string, torch.Tensor> Part(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix) =>
        tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);

    private YoloModel AveragedModel()
    {
        YoloModel copy = model.Copy();
        copy.Network.ToChannelsLast();
        copy.Network.eval();
        return copy;
    }
}
