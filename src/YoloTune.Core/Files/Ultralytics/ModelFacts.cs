using System.Globalization;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Networks;

namespace YoloTune.Files.Ultralytics;

/// <summary>What a pickled model and the dictionary around it say about the model as a whole.</summary>
internal sealed record ModelFacts
{
    public CheckpointKind Kind { get; private init; }

    public IReadOnlyDictionary<string, object?>? Yaml { get; private init; }

    public IReadOnlyList<string> Names { get; private init; } = [];

    public NetworkTask? Task { get; private init; }

    public IReadOnlyList<int> Strides { get; private init; } = [];

    public int? ClassCount { get; private init; }

    public IReadOnlyList<int>? KeypointShape { get; private init; }

    public IReadOnlyDictionary<string, object?> Arguments { get; private init; } = new Dictionary<string, object?>();

    public static ModelFacts Of(
        PickleGlobal type, IReadOnlyList<ModuleFacts> modules, PickleDictionary root, PlainValues plain, string path)
    {
        IReadOnlyDictionary<string, object?> model = modules[0].Attributes;
        Dictionary<string, object?> arguments = new(
            model.GetValueOrDefault("args") as Dictionary<string, object?> ?? [], StringComparer.Ordinal);
        root.TryGet("train_args", out object? trained);
        foreach ((string name, object? value) in plain.DictionaryOf(trained, "train_args") ?? []) arguments[name] = value;

        IReadOnlyDictionary<string, object?>? yaml = model.GetValueOrDefault("yaml") as Dictionary<string, object?>;
        IReadOnlyList<string> names = NamesOf(model.GetValueOrDefault("names"), path);
        IReadOnlyList<int> shape = Integers(model.GetValueOrDefault("kpt_shape"));
        if (shape.Count == 0) shape = Integers(yaml?.GetValueOrDefault("kpt_shape"));
        return new()
        {
            Kind = KindOf(type, modules, yaml is not null),
            Yaml = yaml,
            Names = names,

            // The class tells the task more reliably than the arguments, whose task is "detect" where it was not set.
            Task = TaskOf(model.GetValueOrDefault("task")) ?? ClassTask(type) ?? TaskOf(arguments.GetValueOrDefault("task")),
            Strides = Integers(model.GetValueOrDefault("stride")),
            ClassCount = Count(model.GetValueOrDefault("nc"))
                ?? Count(yaml?.GetValueOrDefault("nc"))
                ?? (names.Count > 0 ? names.Count : null),
            KeypointShape = shape.Count > 0 ? shape : null,
            Arguments = arguments,
        };
    }

    public static NetworkTask? TaskOf(object? value) => value is string name ? NetworkTask.Find(name) : null;

    public static int? Count(object? value) => value is long and > 0 and <= int.MaxValue ? (int)(long)value : null;

    /// <summary>Whole numbers of a list; empty where it holds anything else.</summary>
    public static IReadOnlyList<int> Integers(object? value)
    {
        if (value is not List<object?> list) return [];
        List<int> numbers = [];
        foreach (object? item in list)
        {
            double number = item switch { long integer => integer, double real => real, _ => double.NaN };
            if (!(Math.Abs(number) <= int.MaxValue)) return [];
            numbers.Add((int)number);
        }
        return numbers;
    }

    /// <summary>Class names from a list, or from a dictionary of the numbers 0 to n-1 in any order.</summary>
    public static IReadOnlyList<string> NamesOf(object? value, string path)
    {
        if (value is List<object?> list) return [.. list.Select(name => NameText(name, path))];
        if (value is not Dictionary<string, object?> dictionary) return [];
        string?[] names = new string?[dictionary.Count];
        foreach ((string key, object? name) in dictionary)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int place)
                || place >= names.Length
                || names[place] is not null)
            {
                throw new ModelFormatException($"the class numbers are not 0 to {names.Length - 1}: '{key}' is among them.", path, "names");
            }
            names[place] = NameText(name, path);
        }
        return names!;
    }

    private static string NameText(object? name, string path) => name switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ModelFormatException("a class name is not a text.", path, "names"),
    };

    private static CheckpointKind KindOf(PickleGlobal type, IReadOnlyList<ModuleFacts> modules, bool hasYaml)
    {
        bool legacy = type.Module is "models.yolo" or "yolov5.models.yolo"
            || modules.Any(module => module is { ClassName: "Detect", Package: "models.yolo" });
        if (legacy) return CheckpointKind.YoloV5Model;
        bool known = type.Module.StartsWith("ultralytics.", StringComparison.Ordinal)
            || NetworkTask.OfReferenceClass(type.ClassName) is not null;
        return known && hasYaml ? CheckpointKind.UltralyticsModel : CheckpointKind.StateDict;
    }

    /// <summary>The task that a class of models has; null for a class that is not known.</summary>
    public static NetworkTask? ClassTask(PickleGlobal type) => NetworkTask.OfReferenceClass(type.ClassName)
        ?? (type is { Module: "models.yolo", Name: "Model" } ? NetworkTask.Default : null);
}
