using TorchSharp;
using YoloTune.Models;
using YoloTune.Training;

namespace YoloTune.Runs;

/// <summary>
/// Keeps the rows of all classes that do not train bit for bit as they were, in the model and in its average: momentum and decay would
/// move them even without a gradient.
/// </summary>
internal sealed class ClassRowKeeper : IDisposable
{
    private readonly List<(torch.Tensor Model, torch.Tensor Average, torch.Tensor Index, torch.Tensor Rows)> kept = [];

    public ClassRowKeeper(YoloModel model, ModelAverage average)
    {
        if (model.TrainableClasses.Count == 0) return;
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> averages = average.State.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        long[] others = [.. Enumerable.Range(0, model.ClassCount).Except(model.TrainableClasses).Select(id => (long)id)];
        if (others.Length == 0) return;
        foreach (ModelItem item in model.Items.Where(item => item.HasClassRows && !item.Frozen))
        {
            torch.Tensor index = torch.tensor(others, device: item.Tensor.device);
            kept.Add((
                item.Tensor, averages[item.Name], index.DetachFromDisposeScope(),
                item.Tensor.detach().index_select(0, index).clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Puts the rows back.</summary>
    public void Restore()
    {
        if (kept.Count == 0) return;
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((torch.Tensor model, torch.Tensor average, torch.Tensor index, torch.Tensor rows) in kept)
        {
            model.index_copy_(0, index, rows);
            average.index_copy_(0, index, rows);
        }
    }

    public void Dispose()
    {
        foreach ((_, _, torch.Tensor index, torch.Tensor rows) in kept)
        {
            index.Dispose();
            rows.Dispose();
        }
        kept.Clear();
    }
}
