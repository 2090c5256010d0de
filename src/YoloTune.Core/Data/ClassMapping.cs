namespace YoloTune.Data;

/// <summary>Which class of a model each class of a dataset is.</summary>
/// <param name="Names">The model's classes.</param>
/// <param name="Ids">The model's class id for every class id of the dataset; -1 for a class that the model does not have.</param>
public sealed record ClassMapping(IReadOnlyList<string> Names, IReadOnlyList<int> Ids)
{
    /// <summary>Whether ids stay as they are.</summary>
    public bool IsIdentity => Names.Count == Ids.Count && Ids.Select((id, i) => id == i).All(same => same);

    /// <summary>Dataset class ids without a class of the model.</summary>
    public IEnumerable<int> Unknown => Enumerable.Range(0, Ids.Count).Where(i => Ids[i] < 0);

    /// <summary>Pairs classes by their names, whatever their case.</summary>
    /// <param name="dataset">The dataset's classes.</param>
    /// <param name="model">The model's classes.</param>
    public static ClassMapping ByName(IReadOnlyList<string> dataset, IReadOnlyList<string> model)
    {
        int IdOf(string name)
        {
            for (int id = 0; id < model.Count; id++)
            {
                if (model[id].Equals(name, StringComparison.OrdinalIgnoreCase)) return id;
            }
            return -1;
        }
        return new(model, [.. dataset.Select(IdOf)]);
    }

    /// <summary>
    /// By name when the model has every class of the dataset, in whatever order and beside others; otherwise, for as many classes on both
    /// sides, in their order; otherwise null: they do not fit.
    /// </summary>
    /// <inheritdoc cref="ByName"/>
    public static ClassMapping? Fit(IReadOnlyList<string> dataset, IReadOnlyList<string> model)
    {
        ClassMapping named = ByName(dataset, model);
        if (!named.Unknown.Any() && named.Ids.Distinct().Count() == named.Ids.Count) return named;
        return dataset.Count == model.Count ? new(model, [.. Enumerable.Range(0, model.Count)]) : null;
    }
}
