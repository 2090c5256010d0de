using System.Globalization;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Files;

/// <summary>Builds the network that a checkpoint was trained with, and gives it the checkpoint's tensors.</summary>
internal static class CheckpointNetwork
{
    /// <summary>What the head, which is the last row of the description, reads of its classes; null where it finds none.</summary>
    public static StoredClasses? ClassesOf(ModelDefinition definition, Dictionary<string, torch.Tensor> state)
    {
        if (definition.Rows is not [.., var head]) return null;
        string prefix = string.Create(CultureInfo.InvariantCulture, $"model.{definition.Rows.Count - 1}.");
        return NetworkTask.HeadOf(head.Module)?.ReadClasses(name => state.GetValueOrDefault(prefix + name)?.shape);
    }

    /// <summary>Builds the network.</summary>
    /// <param name="content">The checkpoint.</param>
    /// <param name="definition">The description, with the number of classes of the checkpoint.</param>
    /// <param name="state">The checkpoint's tensors by name, a fused model's taken apart.</param>
    /// <param name="classes">What <see cref="ClassesOf"/> gave.</param>
    /// <exception cref="ModelFormatException">The tensors do not fit the description.</exception>
    public static YoloNetwork Build(
        CheckpointContent content, ModelDefinition definition, Dictionary<string, torch.Tensor> state, StoredClasses? classes)
    {
        PlanOptions options = ModelMetadata.OptionsOf(content.Metadata, content.Path) ?? OptionsOf(content, classes);
        ModelPlan plan = FittingPlan(content, definition, options, state);
        YoloNetwork network = new(plan, new() { Initialise = false });
        using (torch.no_grad())
        {
            foreach (StateItem item in network.StateItems)
            {
                if (state.TryGetValue(item.Name, out torch.Tensor? stored)) item.Tensor.copy_(stored);
            }
        }
        foreach (var (name, module) in network.named_modules())
        {
            if (module is not BatchNorm2d norm || content.Module(name) is not { } facts) continue;
            norm.Epsilon = facts.Number("eps") ?? norm.Epsilon;
            norm.Momentum = facts.Number("momentum") ?? norm.Momentum;
        }
        return network;
    }

    private static PlanOptions OptionsOf(CheckpointContent content, StoredClasses? classes)
    {
        ModuleFacts? sppf = content.Modules.FirstOrDefault(module => module.ClassName == "SPPF");
        return new PlanOptions
        {
            SppfActivation = sppf is null ? null : content.Module(sppf.Path + ".cv1")?.HasActivation,
            ClassBranchWidth = classes?.BranchWidth,
            LegacyClassBranch = classes?.IsLegacy,
        };
    }

    /// <summary>
    /// A plan that the tensors fit. Shapes cost nothing: only what the file really holds gets memory, so a file cannot ask for a network
    /// of any size.
    /// </summary>
    private static ModelPlan FittingPlan(
        CheckpointContent content, ModelDefinition definition, PlanOptions options, Dictionary<string, torch.Tensor> state)
    {
        ModelPlan plan = ModelPlan.Create(definition, options);
        YoloNetwork shapes = YoloNetwork.CreateShapes(plan);
        try
        {
            if (IsFused(content, state)) FusedWeights.Complete([.. shapes.StateItems.Select(item => item.Name)], state);
            var problem = Misfit(shapes, state);
            if (problem is not null && options.UnscaledWidth is null)
            {
                ModelPlan unscaled = ModelPlan.Create(definition, options with { UnscaledWidth = 0 });
                YoloNetwork other = YoloNetwork.CreateShapes(unscaled);
                bool fits = Misfit(other, state) is null;
                (fits ? shapes : other).Dispose();
                if (fits) (plan, shapes, problem) = (unscaled, other, null);
            }
            if (problem is { } misfit) throw new ModelFormatException(misfit.Message, content.Path, misfit.Position, misfit.Remedy);
            Dictionary<string, string> activations = DifferentActivations(shapes, content);
            if (activations.Count > 0) return ModelPlan.Create(definition, plan.Options with { Activations = activations });
            NetworkProfile.Of(plan, shapes);
            return plan;
        }
        finally
        {
            shapes.Dispose();
        }
    }

    private static Dictionary<string, string> DifferentActivations(YoloNetwork network, CheckpointContent content)
    {
        Dictionary<string, string> different = [];
        if (content.Modules.Count == 0) return different;
        Dictionary<string, ModuleFacts> facts = content.Modules.ToDictionary(module => module.Path);
        foreach (var (name, module) in network.named_modules())
        {
            if (module is not Activation activation || !name.EndsWith(".act", StringComparison.Ordinal)) continue;
            string path = name[..^".act".Length];
            if (facts.GetValueOrDefault(path)?.Activation is { } stored && stored != activation.Kind.ToString()) different[path] = stored;
        }
        return different;
    }

    private static (string Message, string Position, string Remedy)? Misfit(YoloNetwork network, Dictionary<string, torch.Tensor> state)
    {
        string name = network.Plan.Definition.Name;
        string remedy =
            $"The file's own begin with '{state.Keys.FirstOrDefault()}'. Check that -Architecture names the model the file was made from, "
            + "its scale letter included.";
        IReadOnlyList<StateItem> items = network.StateItems;
        List<StateItem> missing = [.. items.Where(item => !state.ContainsKey(item.Name) && !IsCounter(item.Name))];
        if (missing.Count > 0)
            return ($"{missing.Count} of {items.Count} items of {name} are not in the file.", $"tensor {missing[0].Name}", remedy);
        foreach (StateItem item in items)
        {
            if (!state.TryGetValue(item.Name, out torch.Tensor? found)) continue;
            long[] stored = found.shape, wanted = item.Tensor.shape;
            if (stored.AsSpan().SequenceEqual(wanted)) continue;
            return ($"the shape is [{string.Join(", ", stored)}] where {name} has [{string.Join(", ", wanted)}].",
                $"tensor {item.Name}", remedy);
        }
        return null;
    }

    /// <summary>The counters of BatchNorm layers are left out by many writers; nothing is computed from them.</summary>
    private static bool IsCounter(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>Unfolding took the biases away that tell a fused file; its own items still have them.</summary>
    private static bool IsFused(CheckpointContent content, Dictionary<string, torch.Tensor> state) =>
        content.Items.Any(item => item.Name.EndsWith(".bias", StringComparison.Ordinal) && !state.ContainsKey(item.Name));
}
