using YoloTune.Basics;


namespace YoloTune.Models.Transfer;

/// <summary>
/// Decides item by item what a model can take over from a source: an item is copied when its name and shape agree, exactly as the
/// reference counts it; beyond that the overlapping block of the first convolution and, when asked for, class rows of matching names.
/// </summary>
public static class TransferPlanner
{
    internal const string FirstConvolution = "model.0.conv.weight";

    /// <summary>Makes the plan; nothing is copied yet.</summary>
    /// <exception cref="SelectionException">A pattern, layer or mapped class does not exist, or the source's class names are needed and
    /// unknown.</exception>
    public static TransferPlan Create(YoloModel target, TransferSource source, TransferOptions options)
    {
        HashSet<string> selected = Select(target, options);
        ClassMatch classes = MatchClasses(target, source, options);
        TransferReasons reasons = new(target, source);
        return new TransferPlan(source, target.Items.Select(item => Decide(item, source, selected, classes, reasons)).ToArray(), classes);
    }

    private static TransferItem Decide(ModelItem item, TransferSource source, HashSet<string> selected, ClassMatch classes,
        TransferReasons reasons)
    {
        source.State.TryGetValue(item.Name, out TorchSharp.torch.Tensor? found);
        long[]? sourceShape = found?.shape;
        long[] shape = item.Tensor.shape;
        TransferItem Result(TransferStatus status, string reason) =>
            new(item.Name, status, sourceShape, shape, item.Layer, item.LayerType, item.Part, reason);

        if (!selected.Contains(item.Name)) return Result(TransferStatus.Excluded, "left out by the selection");
        if (sourceShape is null) return Result(TransferStatus.MissingInSource, reasons.Missing(item));
        if (sourceShape.AsSpan().SequenceEqual(shape) && !(classes.Rows.Count > 0 && item.HasClassRows))
        {
            return Result(TransferStatus.Transfer, "name and shape agree");
        }
        if (classes.Rows.Count > 0 && item.HasClassRows && sourceShape.AsSpan(1).SequenceEqual(shape.AsSpan(1)))
        {
            return Result(
                TransferStatus.Partial, $"rows of {classes.Rows.Count} matching {(classes.Rows.Count == 1 ? "class" : "classes")}");
        }
        if (item.Name == FirstConvolution && sourceShape.AsSpan(2).SequenceEqual(shape.AsSpan(2)))
        {
            return Result(TransferStatus.Partial, $"the block that both first convolutions have: [{Math.Min(sourceShape[0], shape[0])}, "
                + $"{Math.Min(sourceShape[1], shape[1])}]");
        }
        return Result(TransferStatus.ShapeMismatch, reasons.Mismatch(item, sourceShape,
            out bool lostBranch)) with { IsLostClassBranch = lostBranch };
    }

    private static HashSet<string> Select(YoloModel target, TransferOptions options)
    {
        List<string> names = [.. target.Items.Select(item => item.Name)];
        HashSet<string> selected = options.Include.Count == 0 ? [.. names] : NamePattern.Select(options.Include, names, "item");
        if (options.Exclude.Count > 0) selected.ExceptWith(NamePattern.Select(options.Exclude, names, "item"));
        foreach (int layer in options.Layers)
        {
            if (target.Layers.All(candidate => candidate.Index != layer))
            {
                throw new SelectionException($"the model {target.Name} has no layer {layer}.",
                    remedy: $"Layers are numbered 0 to {target.Layers.Count - 1}.");
            }
        }
        foreach (ModelItem item in target.Items)
        {
            bool inLayer = options.Layers.Count == 0 || options.Layers.Contains(item.Layer);
            bool inPart = options.Parts.Count == 0 || options.Parts.Contains(item.Part);
            if (!inLayer || !inPart) selected.Remove(item.Name);
        }
        return selected.Count > 0
            ? selected
            : throw new SelectionException("the selection leaves no item to transfer.",
                remedy: "Widen -Include, -Layer or -Part, or narrow -Exclude.");
    }

    private static ClassMatch MatchClasses(YoloModel target, TransferSource source, TransferOptions options)
    {
        if (!options.MatchClasses && options.ClassMap.Count == 0) return ClassMatch.None;
        if (source.ClassNames is not { Count: > 0 } names)
        {
            throw new SelectionException($"the class names of {source.Name} are not known, so that no class can be matched.",
                remedy: "Import the source with its class names and pass the model.");
        }
        ClassMatch mapped = ClassMatch.Create(target.ClassNames, names, StringComparison.OrdinalIgnoreCase, options.ClassMap);
        return options.MatchClasses
            ? mapped
            : new ClassMatch([.. mapped.Rows.Where(row =>
                options.ClassMap.Keys.Any(key => key.Equals(target.ClassNames[row.Target], StringComparison.OrdinalIgnoreCase)))], []);
    }
}
