using System.Globalization;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;

namespace YoloTune.Files;

/// <summary>
/// Makes a model of a checkpoint. The graph comes from the checkpoint itself: its YAML, its class names, the width of its class branch
/// and the activation of every block, so that a file computes what it was trained to compute.
/// </summary>
public static class ModelImporter
{
    /// <summary>Reads a model file.</summary>
    /// <param name="path">A .pt of Ultralytics or YOLOv5, a state dict .pt, or a .safetensors file.</param>
    /// <param name="architecture">The architecture, for files that hold tensors only; null takes the file's own.</param>
    /// <param name="classNames">Class names, for files that name none; null takes the file's own.</param>
    /// <param name="remark">Told what the user should know of how the file was read; null for none.</param>
    /// <exception cref="ModelFormatException">The file is damaged or hostile, lacks what is needed, or does not fit the
    /// architecture.</exception>
    public static YoloModel Import(
        string path, ModelDefinition? architecture = null, IReadOnlyList<string>? classNames = null, Action<string>? remark = null)
    {
        using CheckpointContent content = CheckpointReader.Read(path);
        using DisposeScope scope = torch.NewDisposeScope();
        RefuseNonFinite(content);
        (Dictionary<string, torch.Tensor> state, IReadOnlyList<string> remarks) = StateOf(content);
        AnchorHead? anchors = content.Kind == CheckpointKind.YoloV5Model ? null : AnchorHead.Find(state);
        foreach (string text in remarks) remark?.Invoke($"'{path}': {text}");
        if (anchors is not null || content.Kind == CheckpointKind.YoloV5Model)
            return ImportYoloV5(content, state, anchors, architecture, classNames);
        ModelDefinition definition = architecture
            ?? (content.ModelYaml is { } yaml
                ? ModelDefinition.FromDictionary(yaml, path)
                : throw new ModelFormatException("the file holds tensors but does not say which architecture they belong to.", path,
                    remedy: "Name it with -Architecture, for example -Architecture yolo11n."));
        int classCount = ClassCountOf(state) ?? content.ClassCount ?? definition.ClassCount
            ?? throw new ModelFormatException("the number of classes cannot be told from the file.", path,
                remedy: "Give the class names with -ClassName.");
        YoloNetwork network = Build(content, definition.WithClassCount(classCount), state);
        YoloModel model = new(network, NamesOf(content, classNames, classCount), path) { StoredArguments = content.Arguments };
        foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        ModelMetadata.Restore(model, content.Metadata, path);
        return model;
    }

    /// <summary>A file as the source of a transfer; no model is built.</summary>
    /// <remarks>The tensors are freed with the garbage collector's help when the source is no longer referenced.</remarks>
    public static TransferSource ReadSource(string path)
    {
        CheckpointContent content = CheckpointReader.Read(path);
        RefuseNonFinite(content);
        Dictionary<int, string> types = [];
        foreach (ModuleFacts module in content.Modules)
        {
            string[] parts = module.Path.Split('.');
            if (parts is ["model", var index] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
            {
                types[layer] = module.Attributes.GetValueOrDefault("type") is string type
                    ? type[(type.LastIndexOf('.') + 1)..]
                    : module.ClassName;
            }
        }
        (Dictionary<string, torch.Tensor> state, IReadOnlyList<string> remarks) = StateOf(content);
        return new TransferSource(Path.GetFileName(path), state, types,
            content.Names.Count > 0 ? content.Names : null, content.Kind == CheckpointKind.YoloV5Model || AnchorHead.Find(state) is not null)
        {
            Remarks = remarks,
        };
    }

    /// <summary>The tensors by name, a fused model's taken apart, and what there is to say about it.</summary>
    private static (Dictionary<string, torch.Tensor> State, IReadOnlyList<string> Remarks) StateOf(CheckpointContent content)
    {
        Dictionary<string, torch.Tensor> state = content.Items.ToDictionary(item => item.Name, item => item.Tensor);
        return FusedWeights.Unfold(state) > 0 ? (state, [.. content.Remarks, FusedWeights.Remark]) : (state, content.Remarks);
    }

    private static YoloModel ImportYoloV5(CheckpointContent content, Dictionary<string, torch.Tensor> state, AnchorHead? anchors,
        ModelDefinition? architecture, IReadOnlyList<string>? classNames)
    {
        ModelDefinition definition = architecture
            ?? ModelDefinition.Load(anchors is null ? AnchorFreeTwin(content) : anchors.AnchorFreeTwin(state)
            ?? throw new ModelFormatException("the file holds tensors of a YOLOv5 head but does not say which architecture they belong to.",
                content.Path,
                remedy: "Name the architecture to map it onto with -Architecture, for example -Architecture yolov5n."));
        IReadOnlyList<string> names = classNames ?? content.Names;
        YoloModel model = YoloModel.Create(definition,
            names.Count > 0 ? names : DefaultNames(anchors?.ClassCount ?? content.ClassCount ?? definition.ClassCount ?? 80));
        TransferSource source = new(Path.GetFileName(content.Path), state, isAnchorBased: true, classNames: content.Names);
        TransferPlanner.Create(model, source, new TransferOptions()).Execute(model);
        return model;
    }

    /// <summary>The anchor-free architecture with the depth, width and levels of a YOLOv5 checkpoint.</summary>
    private static string AnchorFreeTwin(CheckpointContent content)
    {
        double Multiple(string key) => content.ModelYaml?.GetValueOrDefault(key) switch { double d => d, long l => l, _ => double.NaN };
        string? scale = (Multiple("depth_multiple"), Multiple("width_multiple")) switch
        {
            (0.33, 0.25) => "n",
            (0.33, 0.5) => "s",
            (0.67, 0.75) => "m",
            (1, 1) => "l",
            (1.33, 1.25) => "x",
            _ => null,
        };
        if (scale is null)
        {
            throw new ModelFormatException("this YOLOv5 checkpoint has none of the scales n, s, m, l and x.", content.Path,
                remedy: "Name the architecture to map it onto with -Architecture.");
        }
        return content.Strides.Count == 4 ? $"yolov5{scale}-p6" : $"yolov5{scale}";
    }

    private static YoloNetwork Build(CheckpointContent content, ModelDefinition definition, Dictionary<string, torch.Tensor> state)
    {
        PlanOptions options = ModelMetadata.OptionsOf(content.Metadata, content.Path) ?? OptionsOf(content, state);
        if (IsFused(content, state)) FusedWeights.Complete(NamesOf(ModelPlan.Create(definition, options)), state);
        // Shapes cost nothing. Only what the file really holds gets memory, so a file cannot ask for a network of any size.
        var problem = Misfit(ModelPlan.Create(definition, options), state);
        if (problem is not null && options.UnscaledWidth is null)
        {
            PlanOptions unscaled = options with { UnscaledWidth = 0 };
            if (Misfit(ModelPlan.Create(definition, unscaled), state) is null) (options, problem) = (unscaled, null);
        }
        if (problem is { } misfit) throw new ModelFormatException(misfit.Message, content.Path, misfit.Position, misfit.Remedy);
        YoloNetwork network = new(ModelPlan.Create(definition, options), new() { Initialise = false });
        Dictionary<string, string> activations = DifferentActivations(network, content);
        if (activations.Count > 0)
        {
            network.Dispose();
            network = new(ModelPlan.Create(definition, options with { Activations = activations }), new() { Initialise = false });
        }
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

    private static PlanOptions OptionsOf(CheckpointContent content, Dictionary<string, torch.Tensor> state)
    {
        ModuleFacts? sppf = content.Modules.FirstOrDefault(module => module.ClassName == "SPPF");
        string? output =
            state.Keys.FirstOrDefault(name => name.EndsWith(".cv3.0.2.weight", StringComparison.Ordinal) && name.Split('.').Length == 6)
            ?? state.Keys.FirstOrDefault(name => name.EndsWith(".one2one_cv3.0.2.weight", StringComparison.Ordinal));
        string? branch = output?[..^"2.weight".Length];
        return new PlanOptions
        {
            SppfActivation = sppf is null ? null : content.Module(sppf.Path + ".cv1")?.HasActivation,
            ClassBranchWidth = output is null ? null : (int)state[output].shape[1],
            LegacyClassBranch = branch is null ? null : state.ContainsKey(branch + "0.conv.weight"),
        };
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

    private static (string Message, string Position, string Remedy)? Misfit(ModelPlan plan, Dictionary<string, torch.Tensor> state)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        string remedy =
            $"The file's own begin with '{state.Keys.FirstOrDefault()}'. Check that -Architecture names the model the file was made from, "
            + "its scale letter included.";
        List<StateItem> missing = [.. network.StateItems.Where(item => !state.ContainsKey(item.Name) && !IsCounter(item.Name))];
        if (missing.Count > 0)
        {
            return ($"{missing.Count} of {network.StateItems.Count} items of {network.Plan.Definition.Name} are not in the file.",
                $"tensor {missing[0].Name}", remedy);
        }
        foreach (StateItem item in network.StateItems)
        {
            if (!state.TryGetValue(item.Name, out torch.Tensor? found)) continue;
            long[] stored = found.shape, wanted = item.Tensor.shape;
            if (!stored.AsSpan().SequenceEqual(wanted))
            {
                return ($"the shape is [{string.Join(", ", stored)}] where {network.Plan.Definition.Name} has [{string.Join(", ", wanted)}].", $"tensor {item.Name}", remedy);
            }
        }
        return null;
    }

    /// <summary>The counters of BatchNorm layers are left out by many writers; nothing is computed from them.</summary>
    private static bool IsCounter(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>Unfolding took the biases away that tell a fused file; its own items still have them.</summary>
    private static bool IsFused(CheckpointContent content, Dictionary<string, torch.Tensor> state) =>
        content.Items.Any(item => item.Name.EndsWith(".bias", StringComparison.Ordinal) && !state.ContainsKey(item.Name));

    private static string[] NamesOf(ModelPlan plan)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        return [.. network.StateItems.Select(item => item.Name)];
    }

    private static int? ClassCountOf(Dictionary<string, torch.Tensor> state)
    {
        string? output = state.Keys.FirstOrDefault(name => name.EndsWith("cv3.0.2.bias", StringComparison.Ordinal))
            ?? state.Keys.FirstOrDefault(name => name.EndsWith(".linear.bias", StringComparison.Ordinal));
        return output is null ? null : (int)state[output].shape[0];
    }

    private static IReadOnlyList<string> NamesOf(CheckpointContent content, IReadOnlyList<string>? given, int classCount)
    {
        IReadOnlyList<string> names = given ?? (content.Names.Count > 0 ? content.Names : DefaultNames(classCount));
        return names.Count == classCount
            ? names
            : throw new ModelFormatException($"{Counted.Of(names.Count, "class name")} for a model of {Counted.Of(classCount, "class")}.",
                content.Path, remedy: "Give one name per class with -ClassName.");
    }

    private static IReadOnlyList<string> DefaultNames(int count) =>
        [.. Enumerable.Range(0, count).Select(id => string.Create(CultureInfo.InvariantCulture, $"class_{id}"))];

    private static void RefuseNonFinite(CheckpointContent content)
    {
        IReadOnlyList<string> names = content.NonFiniteItems();
        if (names.Count == 0) return;
        throw new ModelFormatException($"{names.Count} {(names.Count == 1 ? "tensor holds" : "tensors hold")} NaN or infinity.",
            content.Path,
            $"tensor {names[0]}", "The training that wrote the file diverged; take an earlier checkpoint.");
    }
}
