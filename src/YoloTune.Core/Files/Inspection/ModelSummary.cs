using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Networks.Architecture;

namespace YoloTune.Files.Inspection;

/// <summary>What a file tells about its model, as far as that is found without building it.</summary>
internal sealed record ModelSummary
{
    private const string ImageSizeKey = "imgsz";

    public string? Task { get; init; }

    public string? Architecture { get; init; }

    public IReadOnlyList<string> ClassNames { get; init; } = [];

    public int? ImageSize { get; init; }

    /// <summary>From the object of a .pt and the texts beside it.</summary>
    public static ModelSummary Of(object? root, IReadOnlyDictionary<string, string> metadata, PickleLimits limits, string path) =>
        Guarded(() => OfMetadata(metadata, path)) is { Architecture: not null } own
            ? own
            : Guarded(() => OfObject(root, limits, path)) ?? new();

    /// <summary>From the metadata of a file that YoloTune wrote.</summary>
    public static ModelSummary Of(IReadOnlyDictionary<string, string> metadata, string path) =>
        Guarded(() => OfMetadata(metadata, path)) ?? new();

    /// <summary>From the metadata of an .onnx file.</summary>
    public static ModelSummary OfOnnx(IReadOnlyDictionary<string, string> metadata, string path) => new()
    {
        Task = TaskName(metadata.GetValueOrDefault("task")),
        ClassNames = metadata.TryGetValue("names", out string? names) ? Guarded(() => ClassNameLiteral.Parse(names, path)) ?? [] : [],
        ImageSize = Size(PythonLiteral.Evaluate(metadata.GetValueOrDefault(ImageSizeKey) ?? "")),
    };

    private static ModelSummary OfMetadata(IReadOnlyDictionary<string, string> metadata, string path)
    {
        MetadataFacts facts = MetadataFacts.Parse(metadata, path);
        return new()
        {
            Task = facts.Task?.ReferenceName,
            Architecture = facts.Yaml is null ? null : ModelDefinition.FromDictionary(facts.Yaml, path).Name,
            ClassNames = facts.Names,
            ImageSize = Size(facts.Arguments.GetValueOrDefault(ImageSizeKey)),
        };
    }

    private static ModelSummary OfObject(object? root, PickleLimits limits, string path)
    {
        PickleDictionary entries = root as PickleDictionary ?? [];
        object? model = entries.TryGet("ema", out object? average) && ModuleTree.IsModule(average) ? average
            : entries.TryGet("model", out object? stored) ? stored : root;
        if (model is not PickleObject module || !ModuleTree.IsModule(module)) return new();
        PlainValues plain = new(null, limits, path);
        Dictionary<string, object?> facts = new(StringComparer.Ordinal);
        foreach (string name in (string[])["names", "yaml", "args", "task"])
        {
            if (module.Attributes!.TryGet(name, out object? value)) facts[name] = plain.Of(value, name);
        }
        entries.TryGet("train_args", out object? trained);
        Dictionary<string, object?>? arguments = plain.DictionaryOf(trained, "train_args");
        Dictionary<string, object?>? yaml = facts.GetValueOrDefault("yaml") as Dictionary<string, object?>;
        return new()
        {
            Task = TaskName(facts.GetValueOrDefault("task") as string) ?? ModelFacts.ClassTask(module.Type)?.ReferenceName,
            Architecture = yaml is null ? null : ArchitectureName(yaml, path),
            ClassNames = ModelFacts.NamesOf(facts.GetValueOrDefault("names"), path),
            ImageSize =
                Size(arguments?.GetValueOrDefault(ImageSizeKey)
                    ?? (facts.GetValueOrDefault("args") as Dictionary<string, object?>)?.GetValueOrDefault(ImageSizeKey)),
        };
    }

    /// <summary>The name that the description gives. YOLOv5 calls every one of them "model", which says nothing.</summary>
    private static string? ArchitectureName(Dictionary<string, object?> yaml, string path) =>
        Guarded(() => ModelDefinition.FromDictionary(yaml, path).Name) is { } name and not "model" ? name : null;

    private static string? TaskName(string? text) => ModelFacts.TaskOf(text)?.ReferenceName;

    private static int? Size(object? value) => value switch
    {
        long number and > 0 and <= 100_000 => (int)number,
        double number and > 0 and <= 100_000 => (int)number,
        List<object?> { Count: > 0 } sides => sides.Select(Size).Max(),
        _ => null,
    };

    /// <summary>What a file says wrongly about its model is no reason to say nothing of the file.</summary>
    private static T? Guarded<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (YoloTuneException)
        {
            return null;
        }
    }
}
