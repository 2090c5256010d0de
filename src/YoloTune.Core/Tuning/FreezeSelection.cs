using YoloTune.Architecture;
using YoloTune.Modules;
using YoloTune.Transfer;

namespace YoloTune.Tuning;

/// <summary>Says which parameters training leaves as they are, independent of a model.</summary>
public sealed record FreezeSelection
{
    private FreezeSelection(string description) => Description = description;

    /// <summary>The selection in words.</summary>
    public string Description { get; }

    /// <summary>Class names whose rows stay trainable although everything else of the class outputs is frozen.</summary>
    public IReadOnlyList<string> ExceptClasses { get; init; } = [];

    /// <summary>True lets BatchNorm layers of frozen layers go on learning their statistics.</summary>
    public bool TrainBatchNorm { get; init; }

    /// <summary>True adds to what is frozen already; false replaces it.</summary>
    public bool Append { get; init; }

    private Func<YoloModel, IEnumerable<ModelItem>> Items { get; init; } = static _ => [];

    /// <summary>The first n layers, as <c>freeze=n</c> does in Ultralytics.</summary>
    public static FreezeSelection First(int count) => new($"the first {count} layers")
    {
        Items = model => count <= model.Layers.Count
            ? model.Items.Where(item => item.Layer < count)
            : throw new SelectionException($"the first {count} layers cannot be frozen: {model.Name} has {model.Layers.Count}.",
                remedy: $"Give a number from 0 to {model.Layers.Count}."),
    };

    /// <summary>Layers by index.</summary>
    public static FreezeSelection Layers(IReadOnlyList<int> indices) => new($"layers {string.Join(", ", indices)}")
    {
        Items = model =>
        {
            foreach (int index in indices)
            {
                if (index < 0 || index >= model.Layers.Count)
                {
                    throw new SelectionException($"the model {model.Name} has no layer {index}.", remedy: $"Layers are numbered 0 to {model.Layers.Count - 1}.");
                }
            }
            return model.Items.Where(item => indices.Contains(item.Layer));
        },
    };

    /// <summary>Whole parts of the model.</summary>
    public static FreezeSelection Parts(IReadOnlyList<LayerPart> parts) => new(string.Join(" and ", parts).ToLowerInvariant())
    {
        Items = model => model.Items.Where(item => parts.Contains(item.Part)),
    };

    /// <summary>Parameters by name. A pattern that matches nothing is an error.</summary>
    public static FreezeSelection Names(IReadOnlyList<NamePattern> patterns) => new($"items named {string.Join(", ", patterns)}")
    {
        Items = model =>
        {
            HashSet<string> names = NamePattern.Select(patterns, [.. model.Items.Where(item => !item.IsBuffer).Select(item => item.Name)], "parameter");
            return model.Items.Where(item => names.Contains(item.Name));
        },
    };

    /// <summary>Parameters by where their values came from.</summary>
    public static FreezeSelection Origins(IReadOnlyList<Origin> origins) => new($"{string.Join(" and ", origins).ToLowerInvariant()} items")
    {
        Items = model => model.Items.Where(item => origins.Contains(item.Origin)),
    };

    /// <summary>Everything.</summary>
    public static FreezeSelection All() => new("everything") { Items = static model => model.Items };

    /// <summary>Nothing: every weight trains.</summary>
    public static FreezeSelection None() => new("nothing");

    /// <summary>Finds the parameters on a model; nothing is changed yet.</summary>
    /// <exception cref="SelectionException">The selection matches nothing, or names a class the model does not have.</exception>
    public FreezePlan Resolve(YoloModel model)
    {
        HashSet<string> frozen = [.. Items(model).Where(item => !item.IsBuffer).Select(item => item.Name)];
        bool freezesNothingByIntent = Description is "nothing" or "the first 0 layers";
        if (frozen.Count == 0 && !freezesNothingByIntent)
        {
            throw new SelectionException($"{Description}: nothing in {model.Name} matches.", remedy: "Look at Get-YoloParameter for names, parts and origins.");
        }
        if (Append) frozen.UnionWith(model.Items.Where(item => item.Frozen && !item.IsBuffer).Select(item => item.Name));
        IReadOnlyList<int> classes = ExceptClasses.Count > 0 ? ClassIds(model) : Append ? model.TrainableClasses : [];
        if (classes.Count > 0) frozen.ExceptWith(ClassRows.Outputs(model).Where(item => !item.IsBuffer).Select(item => item.Name));
        return new FreezePlan(model, frozen, classes, TrainBatchNorm);
    }

    /// <summary>Marks the constants of the head, which never train.</summary>
    internal static void FreezeConstants(YoloModel model)
    {
        foreach (ModelItem item in model.Items.Where(item => item.IsConstant)) item.Frozen = true;
    }

    private List<int> ClassIds(YoloModel model) =>
    [
        .. ExceptClasses.Select(name =>
        {
            int id = model.ClassNames.ToList().FindIndex(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
            return id >= 0
                ? id
                : throw new SelectionException($"'{name}' is no class of {model}.", remedy: $"Its classes are: {string.Join(", ", model.ClassNames)}.");
        }).Distinct().Order(),
    ];
}
