using System.Collections;
using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

/// <summary>
/// A model's description as its YAML gives it, before scaling. Immutable: the <c>With...</c> methods return changed copies. Keys it does
/// not know are kept, in order, for a checkpoint stores the whole description.
/// </summary>
public sealed partial class ModelDefinition
{
    private readonly List<KeyValuePair<string, object?>> entries;
    private readonly IReadOnlyDictionary<string, List<int>>? rowLines;

    private ModelDefinition(
        List<KeyValuePair<string, object?>> entries, string? source, IReadOnlyDictionary<string, List<int>>? rowLines,
        IReadOnlyList<string>? warnings = null)
    {
        (this.entries, Source, this.rowLines) = (entries, source, rowLines);
        Warnings = warnings ?? [];
        Backbone = RowsOf("backbone");
        Neck = RowsOf("head");
    }

    /// <summary>The file it was read from, for messages; null when there is none.</summary>
    public string? Source { get; }

    /// <summary>What a user should hear about how the name was understood.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The file name as the user typed it, such as <c>yolo11n.yaml</c>; empty when unknown.</summary>
    public string FileName => Find("yaml_file") is string file ? file : "";

    /// <summary>The model's name, such as <c>yolo11n</c>; <c>model</c> when unknown.</summary>
    public string Name => FileName.Length == 0 ? "model" : ModelNames.Stem(FileName);

    /// <summary>The family, such as <c>yolo11</c> or <c>yolov8</c>; the name itself where it follows no family's pattern.</summary>
    public string Family => ModelNames.FamilyOf(Name) is { Length: > 0 } family ? family : Name;

    /// <summary>The chosen scale letter as written, possibly empty; see <see cref="ModelPlan.Scale"/> for the one that counts.</summary>
    public string Scale => Find("scale") is string scale ? scale : "";

    /// <summary>Whether the description names a scale at all, if only an empty one.</summary>
    public bool HasScale => Has("scale");

    /// <summary>Number of classes; null when the description has none.</summary>
    public int? ClassCount => Has("nc") ? Integer("nc", 0) : null;

    /// <summary>Input channels.</summary>
    public int Channels => Integer("channels", 3);

    /// <summary>Distribution bins a box side has.</summary>
    public int RegMax => Integer("reg_max", 16);

    /// <summary>Whether the head has the one-to-one branch.</summary>
    public bool EndToEnd => Find("end2end") is { } value && IsTrue(value);

    /// <summary>Keypoints and values of each, for pose models.</summary>
    public (int Keypoints, int Dimensions)? KeypointShape => Find("kpt_shape") is { } value ? ShapeOf(value) : null;

    /// <summary>The expression of the default activation, or null for SiLU.</summary>
    public string? ActivationExpression => Find("activation") as string;

    /// <summary>The rows of the backbone.</summary>
    public IReadOnlyList<ModelRow> Backbone { get; }

    /// <summary>The rows of neck and head: what the YAML calls head.</summary>
    public IReadOnlyList<ModelRow> Neck { get; }

    /// <summary>All rows, in layer order.</summary>
    public IReadOnlyList<ModelRow> Rows => Backbone.Concat(Neck).ToArray();

    /// <summary>What the last row predicts.</summary>
    public NetworkTask Task => NetworkTask.OfHead(Rows[^1].Module) ?? throw Error(
        $"the last row must be a head, but it is '{Rows[^1].Module}'.", RowPosition(Rows.Count - 1, Rows[^1]),
        "End the head with Detect, Segment, Pose, OBB or Classify.");

    /// <summary>The scales the description offers, in order; empty when it uses multiples.</summary>
    public IReadOnlyList<ModelScale> Scales => ScalesOf();

    /// <summary>The value of a top-level key, or null.</summary>
    public object? Find(string key) => entries.FirstOrDefault(entry => entry.Key == key).Value;

    /// <summary>Whether a top-level key exists.</summary>
    public bool Has(string key) => entries.Exists(entry => entry.Key == key);

    /// <summary>
    /// The description as a checkpoint stores it, in order. The result is enumerated in that order as long as nothing is removed from it.
    /// </summary>
    public IReadOnlyDictionary<string, object?> ToDictionary()
    {
        Dictionary<string, object?> copy = [];
        foreach ((string key, object? value) in entries) copy[key] = value;
        return copy;
    }

    /// <summary>The same model for another number of classes.</summary>
    public ModelDefinition WithClassCount(int count) => With("nc", (long)count);

    /// <summary>The same model at another scale.</summary>
    public ModelDefinition WithScale(string letter) => With("scale", letter);

    /// <summary>The same pose model for other keypoints.</summary>
    public ModelDefinition WithKeypointShape(int keypoints, int dimensions) =>
        With("kpt_shape", new List<object?> { (long)keypoints, (long)dimensions });

    /// <summary>The same model with another input width.</summary>
    public ModelDefinition WithChannels(int channels) => With("channels", (long)channels);

    /// <summary>The same model under another file name, such as <c>yolo11n.yaml</c>.</summary>
    public ModelDefinition WithFileName(string fileName) => With("yaml_file", fileName);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal ModelFormatException Error(string message, string? position, string remedy) => new(message, Source, position, remedy);

    internal static string RowPosition(int index, ModelRow row) =>
        row.Line is { } line ? $"row {index} (line {line})" : $"row {index}";

    private ModelDefinition With(string key, object? value)
    {
        List<KeyValuePair<string, object?>> changed = [.. entries];
        int index = changed.FindIndex(entry => entry.Key == key);
        if (index < 0) changed.Add(new(key, value));
        else changed[index] = new(key, value);
        return new(changed, Source, rowLines, Warnings);
    }

    private int Integer(string key, int fallback) => Find(key) switch
    {
        null => fallback,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        double value when value == Math.Floor(value) && Math.Abs(value) < int.MaxValue => (int)value,
        var other => throw Error($"{key} must be a whole number, but it is '{Text(other)}'.", key, $"Write {key}: and a number."),
    };

    private (int Keypoints, int Dimensions) ShapeOf(object value)
    {
        if (value is List<object?> { Count: 2 } list && list[0] is long keypoints and > 0 and < 100_000
            && list[1] is long dimensions and (2 or 3))
            return ((int)keypoints, (int)dimensions);
        throw Error(
            $"kpt_shape must be [keypoints, 2 or 3], but it is '{Text(value)}'.", "kpt_shape", "Write for example kpt_shape: [17, 3].");
    }

    private List<ModelScale> ScalesOf()
    {
        if (Find("scales") is not { } value) return [];
        if (value is not Dictionary<string, object?> scales)
            throw Error("scales must map letters to [depth, width, max_channels].", "scales", "See the built-in models for examples.");
        List<ModelScale> result = [];
        foreach ((string letter, object? numbers) in scales)
        {
            if (numbers is not List<object?> { Count: 3 } list || list.Exists(number => number is not (long or double)))
                throw Error(
                    $"the scale '{letter}' must be [depth, width, max_channels], but it is '{Text(numbers)}'.", "scales",
                    "Give three numbers.");
            double[] parts = [.. list.Select(number => Convert.ToDouble(number, CultureInfo.InvariantCulture))];
            result.Add(new(letter, parts[0], parts[1], parts[2]));
        }
        return result;
    }

    internal static bool IsTrue(object value) => value switch
    {
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        ICollection list => list.Count > 0,
        _ => true,
    };

    internal static string Text(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        string text => text,
        IEnumerable<object?> list => $"[{string.Join(", ", list.Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
