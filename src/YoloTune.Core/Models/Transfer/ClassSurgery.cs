using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Models.Transfer;

/// <summary>
/// Gives a model another set of classes by rebuilding only what has one row per class. Everything else, the hidden class branch too,
/// keeps its learned values: with it, fine-tuning starts markedly better than with a branch whose width follows the class count.
/// </summary>
public static class ClassSurgery
{
    /// <summary>Replaces the classes of a model; rows of matching classes are kept.</summary>
    /// <param name="model">The model; changed in place, or left untouched when anything is wrong.</param>
    /// <param name="names">The new classes in order.</param>
    /// <param name="ignoreCase">Whether rows are kept for names that differ only in case.</param>
    /// <param name="map">New class name to old class name, for rows whose names differ.</param>
    /// <param name="seed">Seed of the new rows.</param>
    /// <param name="keypoints">The keypoints of a pose model and the values of each; null keeps those it has.</param>
    /// <returns>The report of what was kept, and warnings of near misses.</returns>
    /// <exception cref="SelectionException">
    /// Names are missing, empty or doubled, the map names a class that does not exist, or the model has no keypoints.
    /// </exception>
    public static (TransferReport Report, IReadOnlyList<string> Warnings) SetClasses(
        YoloModel model, IReadOnlyList<string> names, bool ignoreCase, IReadOnlyDictionary<string, string> map, long seed = 0,
        (int Count, int Values)? keypoints = null)
    {
        if (keypoints is not null && model.Definition.KeypointShape is null)
        {
            throw new SelectionException(
                $"{model} is a model for {model.Task}, which has no keypoints.",
                remedy: "Leave -KeypointShape away, or take a pose model.");
        }
        YoloModel.CheckClassNames(names, names.Count);
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        ClassMatch classes = ClassMatch.Create(names, model.ClassNames, comparison, map);
        TransferReport report = Rebuild(model, names, classes, seed, keypoints);
        return (report, ignoreCase ? classes.Warnings : []);
    }

    /// <summary>Appends classes to a model; every learned row stays.</summary>
    /// <exception cref="SelectionException">A name is empty, doubled, or already a class of the model.</exception>
    public static TransferReport AddClasses(YoloModel model, IReadOnlyList<string> names, long seed = 0)
    {
        string? known = names.FirstOrDefault(name => model.ClassNames.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (known is not null)
            throw new SelectionException($"'{known}' is already a class of {model}.", remedy: "Give names of new classes only.");
        List<string> all = [.. model.ClassNames, .. names];
        YoloModel.CheckClassNames(all, all.Count);
        return Rebuild(model, all, new ClassMatch([.. Enumerable.Range(0, model.ClassCount).Select(row => (row, row))], []), seed);
    }

    /// <summary>Takes classes out of a model; the rows of the others stay.</summary>
    /// <exception cref="SelectionException">A name is no class of the model, or no class would remain.</exception>
    public static TransferReport RemoveClasses(YoloModel model, IReadOnlyList<NamePattern> names)
    {
        HashSet<string> removed = NamePattern.Select(names, model.ClassNames, "class");
        List<int> kept = [.. Enumerable.Range(0, model.ClassCount).Where(row => !removed.Contains(model.ClassNames[row]))];
        if (kept.Count == 0) throw new SelectionException($"every class of {model} would be removed.", remedy: "Keep at least one class.");
        ClassMatch classes = new([.. kept.Select((source, target) => (target, source))], []);
        return Rebuild(model, [.. kept.Select(row => model.ClassNames[row])], classes, seed: 0);
    }

    private static TransferReport Rebuild(
        YoloModel model, IReadOnlyList<string> names, ClassMatch classes, long seed, (int Count, int Values)? keypoints = null)
    {
        ModelPlan old = model.Network.Plan;
        PlanOptions options = old.Options with
        {
            ClassBranchWidth = old.ClassBranchWidth,
            SppfActivation = old.SppfActivation,
            UnscaledWidth = old.Options.UnscaledWidth ?? old.ClassCount,
        };
        ModelDefinition definition = old.Definition.WithClassCount(names.Count);
        if (keypoints is { } points) definition = definition.WithKeypointShape(points.Count, points.Values);
        YoloNetwork network = new(ModelPlan.Create(definition, options), new() { Seed = seed });
        HeadShape? shape = network.Head?.Shape;
        Dictionary<string, torch.Tensor> target = network.StateItems.ToDictionary(item => item.Name, item => item.Tensor);
        List<TransferItem> items = [];
        Dictionary<string, (Origin Origin, double Multiplier, bool Frozen)> marks = [];
        using (torch.no_grad())
        using (torch.NewDisposeScope())
        {
            foreach (ModelItem item in model.Items)
            {
                torch.Tensor tensor = target[item.Name];
                bool rows = item.HasClassRows;
                if (!rows && !tensor.shape.AsSpan().SequenceEqual(item.Tensor.shape))
                {
                    marks[item.Name] = (Origin.New, item.LearningRateMultiplier, item.Frozen);
                    items.Add(new TransferItem(
                        item.Name, TransferStatus.ShapeMismatch, item.Tensor.shape, tensor.shape, item.Layer, item.LayerType, item.Part,
                        item.Shape is { } before && shape is not null ? before.Before(shape) : "the width differs"));
                    continue;
                }
                if (!rows) tensor.copy_(item.Tensor);
                else foreach ((int to, int from) in classes.Rows) tensor.select(0, to).copy_(item.Tensor.select(0, from));
                Origin origin = !rows ? item.Origin : classes.Rows.Count > 0 ? Origin.Remapped : Origin.New;
                marks[item.Name] = (origin, item.LearningRateMultiplier, item.Frozen);
                items.Add(new TransferItem(item.Name,
                    !rows ? TransferStatus.Transfer : classes.Rows.Count > 0 ? TransferStatus.Partial : TransferStatus.ShapeMismatch,
                    item.Tensor.shape, tensor.shape, item.Layer, item.LayerType, item.Part,
                    !rows ? "does not depend on the classes"
                    : classes.Rows.Count > 0 ? $"rows of {classes.Rows.Count} matching {(classes.Rows.Count == 1 ? "class" : "classes")}"
                    : $"class output has one row per class: {item.Tensor.shape[0]} before, {tensor.shape[0]} now"));
            }
        }
        foreach ((BatchNorm2d from, BatchNorm2d to) in model.Network.modules()
            .OfType<BatchNorm2d>().Zip(network.modules().OfType<BatchNorm2d>()))
            (to.Epsilon, to.Momentum) = (from.Epsilon, from.Momentum);
        string[] trainable = [.. model.TrainableClasses.Select(id => model.ClassNames[id])];
        model.Replace(network, names);
        if (keypoints is not null) model.KeypointNames = new Dictionary<int, IReadOnlyList<string>>();
        foreach (ModelItem item in model.Items) (item.Origin, item.LearningRateMultiplier, item.Frozen) = marks[item.Name];
        model.TrainableClasses = [.. Enumerable.Range(0, names.Count).Where(id => trainable.Contains(names[id]))];
        TransferReport report = new(items.Count(item => item.Status == TransferStatus.Transfer), items.Count,
            model.Source is { } path ? Path.GetFileName(path) : model.Name, items) { MatchedClasses = classes.Rows.Count };
        model.Transfer = report;
        return report;
    }
}
