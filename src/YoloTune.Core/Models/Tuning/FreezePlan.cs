using System.Globalization;
using YoloTune.Networks.Modules;

namespace YoloTune.Models.Tuning;

/// <summary>What a freeze selection means for one model, before it is applied.</summary>
public sealed class FreezePlan
{
    private readonly YoloModel _model;
    private readonly HashSet<string> _frozen;
    private readonly bool _trainBatchNorm;

    internal FreezePlan(YoloModel model, HashSet<string> frozen, IReadOnlyList<int> trainableClasses, bool trainBatchNorm)
    {
        _model = model;
        _frozen = frozen;
        TrainableClasses = trainableClasses;
        _trainBatchNorm = trainBatchNorm;
        Summary = Summarise();
    }

    /// <summary>State-dict names of the parameters that will be frozen.</summary>
    public IReadOnlyCollection<string> Frozen => _frozen;

    /// <summary>Class ids whose rows alone will train in the class outputs; empty for all rows.</summary>
    public IReadOnlyList<int> TrainableClasses { get; }

    /// <summary>The plan in one sentence, such as "Freeze 120 of 256 parameter tensors (1,234,567 of 2,590,035 values)".</summary>
    public string Summary { get; }

    /// <summary>Parameters without any learned value that would be frozen: training could not improve them.</summary>
    public int FrozenNewItems =>
        _model.Items.Count(item => _frozen.Contains(item.Name) && item.Origin == YoloTune.Models.Origin.New && !item.IsConstant);

    /// <summary>Freezes what is in the plan and frees everything else.</summary>
    public void Apply()
    {
        foreach (ModelItem item in _model.Items.Where(item => !item.IsBuffer)) item.Frozen = item.IsConstant || _frozen.Contains(item.Name);
        foreach ((string path, _) in _model.BatchNorms)
        {
            bool kept = _model.Item(path + ".weight").Frozen && _model.Item(path + ".bias").Frozen && !_trainBatchNorm;
            foreach (string buffer in (string[])["running_mean", "running_var", "num_batches_tracked"])
                _model.Item($"{path}.{buffer}").Frozen = kept;
        }
        _model.TrainableClasses = TrainableClasses;
    }

    private string Summarise()
    {
        List<ModelItem> parameters = [.. _model.Items.Where(item => !item.IsBuffer && !item.IsConstant)];
        long values = parameters.Where(item => _frozen.Contains(item.Name)).Sum(item => item.Tensor.numel());
        string sentence = string.Create(CultureInfo.InvariantCulture,
            $"Freeze {parameters.Count(item => _frozen.Contains(item.Name))} of {parameters.Count} parameter tensors ({values:N0} of "
            + $"{parameters.Sum(item => item.Tensor.numel()):N0} values)");
        return TrainableClasses.Count == 0
            ? sentence
            : $"{sentence}; of the class outputs only the rows of "
                + $"{string.Join(", ", TrainableClasses.Select(id => _model.ClassNames[id]))} train";
    }
}
