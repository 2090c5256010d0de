using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Networks.Architecture;

namespace YoloTune.Files.Ultralytics;

/// <summary>Reads model files of every kind YoloTune knows, as data only.</summary>
internal static class CheckpointReader
{
    /// <summary>Where a dictionary keeps its state dict when it is not one itself, in the order tried.</summary>
    private static readonly string[] StateDictKeys = ["ema", "state_dict", "model_state_dict", "model"];

    /// <summary>Top-level entries that are weights or have a place of their own in the content.</summary>
    private static readonly HashSet<string> NotExtras = [.. StateDictKeys, "optimizer", "scaler", "train_args"];

    /// <summary>Reads a .pt of Ultralytics or YOLOv5, a state dict, or a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What reading may cost; null for <see cref="PickleLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, hostile, or holds no model.</exception>
    public static CheckpointContent Read(string path, PickleLimits? limits = null)
    {
        using var scope = torch.NewDisposeScope();
        CheckpointContent content = IsSafeTensors(path) ? ReadSafeTensors(path) : ReadArchive(path, limits ?? PickleLimits.Default);
        foreach (CheckpointItem item in content.Items) item.Tensor.DetachFromDisposeScope();
        return content;
    }

    /// <summary>
    /// Reads what a .pt file's pickle contains without making anything of it: names, opcodes, tensors, and what would run code.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What reading may cost; null for <see cref="PickleLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The file is missing or damaged, or exceeds a limit.</exception>
    public static PickleReport Inspect(string path, PickleLimits? limits = null)
    {
        PickleReport report = new();
        using TorchArchive archive = TorchArchive.Open(path, limits, report);
        return report;
    }

    /// <summary>Told by the content: a header length, then a JSON object.</summary>
    private static bool IsSafeTensors(string path)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        byte[] start = ModelFile.Read(handle, 0, (int)Math.Min(RandomAccess.GetLength(handle), 9), path);
        if (TorchArchive.IsZip(start)) return false;
        return start is [_, _, _, _, _, _, _, _, (byte)'{']
            || Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase);
    }

    private static CheckpointContent ReadSafeTensors(string path)
    {
        RefuseTrainingState(path);
        SafeTensorsContent file = SafeTensorsFile.LoadIntoScope(path);
        MetadataFacts facts = MetadataFacts.Parse(file.Metadata, path);
        StateNames names = StateNames.Of([.. file.Tensors.Keys]);
        return new()
        {
            Path = path,
            Kind = CheckpointKind.SafeTensors,
            Items = names.Plain([.. file.Tensors.Select(entry => new CheckpointItem(entry.Key, entry.Value))]),
            Remarks = RemarksOf(names),
            Metadata = file.Metadata,
            ModelYaml = facts.Yaml,
            Names = facts.Names,
            Task = facts.Task,
            Strides = facts.Strides,
            ClassCount = facts.ClassCount,
            KeypointShape = ModelFacts.Integers(facts.Yaml?.GetValueOrDefault("kpt_shape")) is { Count: > 0 } shape ? shape : null,
            Arguments = facts.Arguments,
            Extras = facts.Extras,
        };
    }

    /// <summary>resume.safetensors lies beside the weights of a run and looks like them.</summary>
    private static void RefuseTrainingState(string path)
    {
        SafeTensorsHeader header = SafeTensorsFile.ReadHeader(path);
        bool Has(string part) => header.Entries.Any(entry => entry.Name.StartsWith(part, StringComparison.Ordinal));
        if (!Has("average/") || !Has("model/")) return;
        string weights = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        throw new ModelFormatException(
            "this is the state of a training run (weights, their average and the optimizer), not a model.",
            path,
            remedy: $"Its weights are in '{Path.Combine(weights, "last.pt")}'; "
                + $"Resume-YoloTraining '{Path.GetDirectoryName(weights)}' goes on with the run.");
    }

    private static string[] RemarksOf(StateNames names) => names.Remark is { } remark ? [remark] : [];

    private static CheckpointContent ReadArchive(string path, PickleLimits limits)
    {
        using TorchArchive archive = TorchArchive.Open(path, limits);
        PlainValues plain = new(archive, limits);
        PickleDictionary root = archive.Root as PickleDictionary ?? [];
        object? average = root.TryGet("ema", out object? ema) && ModuleTree.Unwrap(ema) is var inner && ModuleTree.IsModule(inner)
            ? inner
            : null;
        object? model = average
            ?? ModuleTree.Unwrap(archive.Root is PickleObject || !root.TryGet("model", out object? stored) ? archive.Root : stored);
        CheckpointContent content = ModuleTree.IsModule(model)
            ? ReadModel(archive, (PickleObject)model!, root, average is not null, plain, limits)
            : ReadStateDict(archive, root, plain, limits);

        // A damaged record has been named by now; the checksum finds what no record accounts for.
        archive.VerifyChecksum();
        return content;
    }

    private static CheckpointContent ReadModel(
        TorchArchive archive, PickleObject model, PickleDictionary root, bool isAverage, PlainValues plain, PickleLimits limits)
    {
        ModuleTree tree = new(archive, limits, plain);
        tree.Walk(model);
        ModelFacts facts = ModelFacts.Of(model.Type, tree.Modules, root, plain, archive.Path);
        if (tree.Items.Count == 0) throw new ModelFormatException("the model holds no tensors.", archive.Path);
        StateNames names = StateNames.Of([.. tree.Items.Select(item => item.Name)]);
        return new()
        {
            Path = archive.Path,
            Kind = facts.Kind,
            Items = names.Plain(tree.Items),
            Remarks = RemarksOf(names),
            ModelClass = model.Type.ClassName,
            ModelYaml = facts.Yaml,
            Names = facts.Names,
            Task = facts.Task,
            Strides = facts.Strides,
            ClassCount = facts.ClassCount,
            KeypointShape = facts.KeypointShape,
            Arguments = facts.Arguments,
            Extras = Extras(root, plain),
            Metadata = ReadMetadata(archive),
            Modules = [.. tree.Modules.Select(module => module with { Path = names.Plain(module.Path) })],
            IsAverage = isAverage,
            HasOptimizer = root.TryGet("optimizer", out object? optimizer) && optimizer is not null,
        };
    }

    private static CheckpointContent ReadStateDict(TorchArchive archive, PickleDictionary root, PlainValues plain, PickleLimits limits)
    {
        PickleDictionary? nested = StateDictKeys.Select(key => root.Get<PickleDictionary>(key)).FirstOrDefault(HasTensors);
        PickleDictionary state = nested ?? (HasTensors(root) ? root : LargestStateDict(root)) ?? root;
        if (!HasTensors(state))
        {
            throw new ModelFormatException(
                "the file holds neither a model nor a state dict.",
                archive.Path,
                remedy: "Give a .pt of Ultralytics or YOLOv5, or a state dict.");
        }
        List<CheckpointItem> items = [];
        foreach ((object key, object? value) in state)
        {
            if (value is not PickleTensor tensor) continue;
            if (key is not string name) throw new ModelFormatException("a tensor has no name.", archive.Path, $"item {items.Count}");
            if (items.Count == limits.MaxModules)
            {
                throw new ModelFormatException($"the file has more tensors than the limit of {limits.MaxModules}.", archive.Path);
            }
            items.Add(new(name, archive.ReadTensor(tensor, name)));
        }
        StateNames names = StateNames.Of([.. items.Select(item => item.Name)]);
        IReadOnlyDictionary<string, string> metadata = ReadMetadata(archive);
        MetadataFacts facts = MetadataFacts.Parse(metadata, archive.Path);
        Dictionary<string, object?> extras = Extras(root, plain);
        foreach ((string key, object? value) in facts.Extras) extras[key] = value;
        return new()
        {
            Path = archive.Path,
            Kind = CheckpointKind.StateDict,
            Items = names.Plain(items),
            Remarks = RemarksOf(names),
            Metadata = metadata,
            ModelYaml = facts.Yaml,
            Names = facts.Names,
            Task = facts.Task,
            Strides = facts.Strides,
            ClassCount = facts.ClassCount,
            KeypointShape = ModelFacts.Integers(facts.Yaml?.GetValueOrDefault("kpt_shape")) is { Count: > 0 } shape ? shape : null,
            Arguments = facts.Arguments,
            Extras = extras,
            HasOptimizer = root.TryGet("optimizer", out object? optimizer) && optimizer is not null,
        };
    }

    /// <summary>Under a name that is not known ("net", "weights"), the dictionary with most tensors.</summary>
    private static PickleDictionary? LargestStateDict(PickleDictionary root) =>
        root.Select(entry => entry.Value).OfType<PickleDictionary>().Where(HasTensors)
            .MaxBy(dictionary => dictionary.Count(entry => entry.Value is PickleTensor));

    private static bool HasTensors(PickleDictionary? dictionary) =>
        dictionary is not null && dictionary.Any(item => item.Value is PickleTensor);

    /// <summary>The top-level entries that are settings or results, not weights.</summary>
    private static Dictionary<string, object?> Extras(PickleDictionary root, PlainValues plain)
    {
        Dictionary<string, object?> extras = new(StringComparer.Ordinal);
        foreach ((object key, object? value) in root)
        {
            if (key is not string name || value is PickleTensor || NotExtras.Contains(name)) continue;
            extras[name] = plain.Of(value, name);
        }
        return extras;
    }

    internal static IReadOnlyDictionary<string, string> ReadMetadata(TorchArchive archive)
    {
        Dictionary<string, string> metadata =
            archive.ReadRecord(CheckpointMetadata.RecordName) is { } bytes ? ParseMetadata(bytes, archive.Path) : [];
        FileChecksum.TakeFrom(metadata);
        return metadata;
    }

    /// <summary>Reads the record yolotune.json.</summary>
    internal static Dictionary<string, string> ParseMetadata(byte[] record, string path)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(record);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                metadata[property.Name] = property.Value.GetString() ?? "";
            }
            return metadata;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(
                "the metadata is not a JSON object of texts.", path, $"record {CheckpointMetadata.RecordName}", inner: exception);
        }
    }
}
