using YoloTune.Basics;
using YoloTune.Networks.Architecture;


namespace YoloTune.Models.Tuning;

/// <summary>
/// Says which items of a model are meant, independent of a model: what is given adds up. It is plain data, so that a run can write down
/// what its stages select.
/// </summary>
public sealed record ItemSelection
{
    /// <summary>The first n layers.</summary>
    public int? First { get; init; }

    /// <summary>Layers by index.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [];

    /// <summary>Whole parts of the model.</summary>
    public IReadOnlyList<LayerPart> Parts { get; init; } = [];

    /// <summary>State-dict names; wildcards are allowed.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Where the values came from.</summary>
    public IReadOnlyList<Origin> Origins { get; init; } = [];

    /// <summary>The blocks of the backbone whose output is finer than this stride, in pixels of the image.</summary>
    public int? BackboneBelowStride { get; init; }

    /// <summary>Everything before the head: backbone and, where there is one, neck.</summary>
    public bool BeforeHead { get; init; }

    /// <summary>Everything.</summary>
    public bool All { get; init; }

    /// <summary>Whether nothing at all is asked for, which is no mistake: it matches nothing by intent.</summary>
    public bool IsEmpty =>
        First is null or 0 && BackboneBelowStride is null && Layers.Count == 0 && Parts.Count == 0 && Names.Count == 0 && Origins.Count == 0
        && !BeforeHead && !All;

    /// <summary>Finds the items on a model, parameters and buffers, in the order of the state dict.</summary>
    /// <exception cref="SelectionException">A layer does not exist, or a name, part or origin matches no parameter.</exception>
    public IReadOnlyList<ModelItem> Find(YoloModel model)
    {
        if (All) return model.Items;
        if (First is int count && (count < 0 || count > model.Layers.Count))
        {
            throw new SelectionException($"there are no first {count} layers: {model.Name} has {model.Layers.Count}.",
                remedy: $"Give a number from 0 to {model.Layers.Count}.");
        }
        foreach (int index in Layers.Where(index => index < 0 || index >= model.Layers.Count))
        {
            throw new SelectionException($"the model {model.Name} has no layer {index}.",
                remedy: $"Layers are numbered 0 to {model.Layers.Count - 1}.");
        }
        HashSet<string> names = Names.Count == 0 ? [] : NamePattern.Select(
            NamePattern.Parse(Names), [.. model.Items.Where(item => !item.IsBuffer).Select(item => item.Name)], "parameter");
        foreach (LayerPart part in Parts) RequireMatch(model, item => item.Part == part, $"the {part}".ToLowerInvariant());
        foreach (Origin origin in Origins) RequireMatch(model, item => item.Origin == origin, $"{origin} items".ToLowerInvariant());
        HashSet<int> fine = BackboneBelowStride is int stride
            ? [.. model.Layers.Where(layer => layer.Part == LayerPart.Backbone && layer.Stride < stride).Select(layer => layer.Index)]
            : [];
        List<ModelItem> found =
        [
            .. model.Items.Where(item => item.Layer < (First ?? 0) || fine.Contains(item.Layer)
                || (BeforeHead && item.Part != LayerPart.Head) || Layers.Contains(item.Layer) || Parts.Contains(item.Part)
                || names.Contains(item.Name) || Origins.Contains(item.Origin)),
        ];
        if (!IsEmpty && !found.Exists(item => !item.IsBuffer)) throw Nothing(model, ToString());
        return found;
    }

    /// <summary>The selection in words.</summary>
    public override string ToString()
    {
        if (All) return "everything";
        List<string> words = [];
        if (First is int count) words.Add(count == 1 ? "the first layer" : $"the first {count} layers");
        if (Layers.Count > 0) words.Add($"{(Layers.Count == 1 ? "layer" : "layers")} {string.Join(", ", Layers)}");
        if (BackboneBelowStride is int stride) words.Add($"backbone below stride {stride}");
        if (BeforeHead) words.Add("everything before the head");
        if (Parts.Count > 0) words.Add(string.Join(" and ", Parts).ToLowerInvariant());
        if (Names.Count > 0) words.Add($"items named {string.Join(", ", Names)}");
        if (Origins.Count > 0) words.Add($"{string.Join(" and ", Origins).ToLowerInvariant()} items");
        return words.Count == 0 ? "nothing" : string.Join(", ", words);
    }

    private static void RequireMatch(YoloModel model, Func<ModelItem, bool> matches, string what)
    {
        if (!model.Items.Any(item => !item.IsBuffer && matches(item))) throw Nothing(model, what);
    }

    private static SelectionException Nothing(YoloModel model, string what) =>
        new($"{what}: nothing in {model.Name} matches.", remedy: "Look at Get-YoloParameter for names, parts and origins.");
}
