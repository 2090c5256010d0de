using TorchSharp;
using YoloTune.Basics;
using YoloTune.Models.Transfer;

namespace YoloTune.Models.Merging;

/// <summary>
/// Averages the weights of models of one architecture (Wortsman et al. 2022, "Model soups" and "Robust fine-tuning of zero-shot models").
/// Running statistics of normalisation layers are averaged like weights; they describe the merged weights only roughly, see
/// <see cref="Evaluation.NormStatistics"/>.
/// </summary>
public static class ModelMerge
{
    /// <summary>A new model whose values are the weighted mean of several models' values.</summary>
    /// <param name="models">
    /// The models. The result has the classes of the last one; each of its class rows is the mean over the models that know the class by
    /// name. Whatever is no floating-point value (counters) is the last model's.
    /// </param>
    /// <param name="weights">One weight per model, 0 or more; their sum need not be 1. Null takes all alike.</param>
    /// <exception cref="SelectionException">
    /// There are no models, architectures differ, tensors other than class rows differ in shape, or the weights are not one number of 0 or
    /// more per model with at least one above 0.
    /// </exception>
    public static YoloModel Average(IReadOnlyList<YoloModel> models, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0) throw new SelectionException("there is no model to merge.", remedy: "Give two models or more.");
        double[] shares = Normalised(weights ?? [.. Enumerable.Repeat(1.0, models.Count)], models.Count);
        YoloModel last = models[^1];
        foreach (YoloModel model in models) RequireSameArchitecture(model, last);

        Dictionary<int, int>[] rows = [.. models.Select(model => RowsOf(model, last))];
        YoloModel merged = last.Copy();
        using DisposeScope scope = torch.NewDisposeScope();
        using var untracked = torch.no_grad();
        foreach (ModelItem item in merged.Items)
        {
            if (!item.Tensor.is_floating_point() || item.IsConstant) continue;
            ModelItem[] items = [.. models.Select(model => model.Item(item.Name))];
            if (item.HasClassRows) MergeRows(item.Tensor, rows, items, shares);
            else item.Tensor.copy_(Mean([.. items.Select(other => other.Tensor)], shares));
        }
        return merged;
    }

    /// <summary>The row of a model for each row of the result that it knows, by class name.</summary>
    private static Dictionary<int, int> RowsOf(YoloModel model, YoloModel result) => ClassMatch
        .Create(result.ClassNames, model.ClassNames, StringComparison.Ordinal, new Dictionary<string, string>())
        .Rows.ToDictionary(pair => pair.Target, pair => pair.Source);

    private static void MergeRows(torch.Tensor target, Dictionary<int, int>[] rows, ModelItem[] items, double[] shares)
    {
        for (int row = 0; row < target.shape[0]; row++)
        {
            int[] known = [.. Enumerable.Range(0, items.Length).Where(i => rows[i].ContainsKey(row))];
            double[] weights = [.. known.Select(i => shares[i])];
            // A class that only models of weight 0 know is still theirs.
            if (weights.Sum() == 0) Array.Fill(weights, 1);
            target.select(0, row).copy_(Mean(
                [.. known.Select(i => items[i].Tensor.select(0, rows[i][row]))], Normalised(weights, known.Length)));
        }
    }

    private static torch.Tensor Mean(IReadOnlyList<torch.Tensor> tensors, double[] shares)
    {
        // A step from value to value, in place of a sum of products, leaves equal values exactly as they are.
        torch.Tensor mean = tensors[0].to(torch.float64);
        double total = shares[0];
        for (int i = 1; i < tensors.Count; i++)
        {
            total += shares[i];
            if (shares[i] == 0) continue;
            torch.Tensor next = tensors[i].to(mean.device).to(torch.float64);
            mean = mean.lerp(next, torch.tensor(shares[i] / total, device: mean.device));
        }
        return mean.to(tensors[0].dtype);
    }

    private static double[] Normalised(IReadOnlyList<double> weights, int count)
    {
        if (weights.Count != count)
        {
            throw new SelectionException(
                $"{Counted.Of(weights.Count, "weight")} {(weights.Count == 1 ? "was" : "were")} given for {Counted.Of(count, "model")}.",
                remedy: "Give one weight per model, in the order of the models.");
        }
        double sum = weights.Sum();
        if (weights.Any(weight => !double.IsFinite(weight) || weight < 0) || sum <= 0)
        {
            throw new SelectionException("the weights of a mean are 0 or more, and at least one of them is above 0.",
                remedy: "Give weights such as 1, 1, 2.");
        }
        return [.. weights.Select(weight => weight / sum)];
    }

    private static void RequireSameArchitecture(YoloModel model, YoloModel last)
    {
        if (model == last) return;
        string? problem = model.Name != last.Name || model.Items.Count != last.Items.Count
            ? $"{model} and {last} have different architectures."
            : model.Items.Zip(last.Items).FirstOrDefault(pair => !Fits(pair.First, pair.Second)).First is { } item
                ? $"{item.Name} of {model} has another shape than that of {last}."
                : null;
        if (problem is not null)
        {
            throw new SelectionException(problem,
                remedy: "Merge models that were trained from the same start: checkpoints of a run, runs of several seeds, "
                    + "or a model and what became of it.");
        }
    }

    private static bool Fits(ModelItem item, ModelItem other)
    {
        if (item.Name != other.Name) return false;
        int skipped = item.HasClassRows && other.HasClassRows ? 1 : 0;
        return item.Tensor.shape.AsSpan(skipped).SequenceEqual(other.Tensor.shape.AsSpan(skipped));
    }
}
