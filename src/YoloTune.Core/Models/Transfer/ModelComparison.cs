using TorchSharp;

namespace YoloTune.Models.Transfer;

/// <summary>Compares the state dicts of two models.</summary>
public static class ModelComparison
{
    /// <summary>One entry an item: those of the reference in its order, then those only the other model has.</summary>
    public static IReadOnlyList<ItemComparison> Compare(YoloModel reference, YoloModel difference)
    {
        Dictionary<string, ModelItem> others = difference.Items.ToDictionary(item => item.Name);
        HashSet<string> known = [.. reference.Items.Select(item => item.Name)];
        return
        [
            .. reference.Items.Select(item => others.TryGetValue(item.Name, out ModelItem? other)
                ? Compare(item, other)
                : new ItemComparison(item.Name, ComparisonStatus.OnlyInReference, null, item.Tensor.shape, null)),
            .. difference.Items.Where(item => !known.Contains(item.Name))
                .Select(item => new ItemComparison(item.Name, ComparisonStatus.OnlyInDifference, null, null, item.Tensor.shape)),
        ];
    }

    private static ItemComparison Compare(ModelItem reference, ModelItem difference)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        long[] left = reference.Tensor.shape, right = difference.Tensor.shape;
        if (!left.AsSpan().SequenceEqual(right)) return new(reference.Name, ComparisonStatus.ShapeMismatch, null, left, right);
        torch.Tensor a = reference.Tensor.cpu().to(torch.float64), b = difference.Tensor.cpu().to(torch.float64);
        if (a.eq(b).all().ToBoolean()) return new(reference.Name, ComparisonStatus.Equal, null, left, right);
        double norm = a.norm().ToDouble();
        double distance = norm > 0 ? (b - a).norm().ToDouble() / norm : 1;
        return new(reference.Name, ComparisonStatus.Changed, distance, left, right);
    }
}
