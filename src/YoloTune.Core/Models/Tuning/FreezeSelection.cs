using YoloTune.Basics;
using YoloTune.Networks.Architecture;


namespace YoloTune.Models.Tuning;

/// <summary>Says which parameters training leaves as they are, independent of a model.</summary>
public sealed record FreezeSelection
{
    /// <summary>What is frozen.</summary>
    public ItemSelection Items { get; init; } = new();

    /// <summary>Origins that stay trainable although they are selected.</summary>
    public IReadOnlyList<Origin> ExceptOrigins { get; init; } = [];

    /// <summary>Class names whose rows stay trainable although everything else of the class outputs is frozen.</summary>
    public IReadOnlyList<string> ExceptClasses { get; init; } = [];

    /// <summary>True lets BatchNorm layers of frozen layers go on learning their statistics.</summary>
    public bool TrainBatchNorm { get; init; }

    /// <summary>True adds to what is frozen already; false replaces it.</summary>
    public bool Append { get; init; }

    /// <summary>The first n layers, as <c>freeze=n</c> does in Ultralytics.</summary>
    public static FreezeSelection First(int count) => new() { Items = new() { First = count } };

    /// <summary>Layers by index.</summary>
    public static FreezeSelection Layers(IReadOnlyList<int> indices) => new() { Items = new() { Layers = indices } };

    /// <summary>Whole parts of the model.</summary>
    public static FreezeSelection Parts(IReadOnlyList<LayerPart> parts) => new() { Items = new() { Parts = parts } };

    /// <summary>Parameters by name. A pattern that matches nothing is an error.</summary>
    public static FreezeSelection Names(IReadOnlyList<NamePattern> patterns) =>
        new() { Items = new() { Names = [.. patterns.Select(pattern => pattern.Text)] } };

    /// <summary>Parameters by where their values came from.</summary>
    public static FreezeSelection Origins(IReadOnlyList<Origin> origins) => new() { Items = new() { Origins = origins } };

    /// <summary>Everything.</summary>
    public static FreezeSelection All() => new() { Items = new() { All = true } };

    /// <summary>Nothing: every weight trains.</summary>
    public static FreezeSelection None() => new();

    /// <summary>Finds the parameters on a model; nothing is changed yet.</summary>
    /// <exception cref="SelectionException">The selection matches nothing, or names a class the model does not have.</exception>
    public FreezePlan Resolve(YoloModel model)
    {
        HashSet<string> frozen =
            [.. Items.Find(model).Where(item => !item.IsBuffer && !ExceptOrigins.Contains(item.Origin)).Select(item => item.Name)];
        if (Append) frozen.UnionWith(model.Items.Where(item => item.Frozen && !item.IsBuffer).Select(item => item.Name));
        IReadOnlyList<int> classes = ExceptClasses.Count > 0 ? ClassIds(model) : Append ? model.TrainableClasses : [];
        if (classes.Count > 0) frozen.ExceptWith(model.Items.Where(item => item.HasClassRows).Select(item => item.Name));
        return new FreezePlan(model, frozen, classes, TrainBatchNorm);
    }

    /// <summary>The selection in words.</summary>
    public override string ToString() => Items
        + (ExceptOrigins.Count == 0 ? "" : $" but {string.Join(" and ", ExceptOrigins).ToLowerInvariant()} items")
        + (ExceptClasses.Count == 0 ? "" : $" but the rows of {string.Join(", ", ExceptClasses)}");

    private List<int> ClassIds(YoloModel model) =>
    [
        .. ExceptClasses.Select(name =>
        {
            int id = model.ClassNames.ToList().FindIndex(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
            return id >= 0
                ? id
                : throw new SelectionException($"'{name}' is no class of {model}.",
                    remedy: $"Its classes are: {string.Join(", ", model.ClassNames)}.");
        }).Distinct().Order(),
    ];
}
