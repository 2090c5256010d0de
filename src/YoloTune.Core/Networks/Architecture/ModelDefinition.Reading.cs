using System.Collections;
using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

// How definitions come to be: by name, from YAML text, or from the dictionary of a checkpoint.
public sealed partial class ModelDefinition
{
    /// <summary>
    /// Finds a model by name (<c>yolo11n</c>, <c>yolov8s-seg</c>, <c>yolov5nu</c>) or reads a YAML file of the Ultralytics format. The
    /// scale letter is taken from the name; the file may be the one without the letter (<c>my/yolo11n.yaml</c> reads
    /// <c>my/yolo11.yaml</c>). A file of the user's wins over a built-in of the same name.
    /// </summary>
    /// <exception cref="ModelFormatException">The name is unknown or the file is not a model description.</exception>
    public static ModelDefinition Load(string nameOrPath)
    {
        string typed = nameOrPath.Trim();
        if (typed.Length == 0)
            throw new ModelFormatException("the model's name is empty.", null, null, "Give a name such as yolo11n or a .yaml file.");
        bool isFile = Path.GetExtension(typed).ToLowerInvariant() is ".yaml" or ".yml";
        string extension = isFile ? typed[typed.LastIndexOf('.')..] : ".yaml";
        string folder = typed[..(typed.LastIndexOfAny(['/', '\\']) + 1)];
        string stem = ModelNames.Stem(isFile ? typed : typed + extension);
        string modern = ModelNames.Modern(stem);
        List<string> warnings = [];
        string fileName = stem + extension;
        if (ModelNames.IsOldLargeImageName(stem))
        {
            warnings.Add($"'{stem}' is the old name of {modern}.");
            fileName = modern + extension;
        }

        string[] candidates = [ModelNames.Unified(modern) + extension, modern + extension, fileName, stem + extension];
        if (isFile || folder.Length > 0)
        {
            foreach (string candidate in candidates)
                if (File.Exists(folder + candidate)) return Read(folder + candidate, fileName, warnings);
        }
        // A name with a folder means that file and no other; a bare name may be a built-in.
        if (folder.Length == 0)
        {
            foreach (string candidate in candidates)
                if (ModelCatalog.Text(ModelNames.Stem(candidate)) is { } text)
                    return Create(text, ModelNames.Stem(candidate) + ".yaml (built-in)", ModelNames.Stem(fileName) + ".yaml", warnings);
        }
        string hint = ModelCatalog.Nearest(modern) is { } nearest ? $"Did you mean {nearest}? " : "";
        throw isFile
            ? new ModelFormatException("there is no such model description.", typed, null, hint + "Check the path of the .yaml file.")
            : new ModelFormatException(
                $"there is no built-in model named '{typed}'.", null, null,
                hint + "Get-YoloArchitecture lists the names; a file of your own ends in .yaml.");
    }

    /// <summary>Parses a YAML text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name it goes by, which gives the scale letter: yolo11n.yaml.</param>
    /// <exception cref="ModelFormatException">The text is not a model description.</exception>
    public static ModelDefinition Parse(string yaml, string fileName) => Create(yaml, fileName, Path.GetFileName(fileName), []);

    /// <summary>Takes the description stored in a checkpoint.</summary>
    /// <param name="values">
    /// The entries; nested values may be numbers, texts, booleans, nulls, and lists, tuples and dictionaries of them.
    /// </param>
    /// <param name="source">The checkpoint's path, for messages.</param>
    /// <exception cref="ModelFormatException">The entries are not a model description.</exception>
    public static ModelDefinition FromDictionary(IReadOnlyDictionary<string, object?> values, string? source = null) =>
        new([.. values.Select(entry => KeyValuePair.Create(entry.Key, Normalise(entry.Value)))], source, null);

    private static ModelDefinition Read(string path, string fileName, List<string> warnings)
    {
        try
        {
            return Create(SharedFile.ReadAllText(path), path, fileName, warnings);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException("the file cannot be read.", path, null, "Check that it may be read.", error);
        }
    }

    private static ModelDefinition Create(string yaml, string source, string fileName, List<string> warnings)
    {
        var (entries, rowLines) = ModelYaml.Parse(yaml, source);
        Put(entries, "scale", ModelNames.ScaleOf(fileName));
        Put(entries, "yaml_file", fileName);
        if (!entries.Exists(entry => entry.Key == "channels")) entries.Add(new("channels", 3L));
        return new(entries, source, rowLines, warnings);
    }

    private static void Put(List<KeyValuePair<string, object?>> entries, string key, object? value)
    {
        entries.RemoveAll(entry => entry.Key == key);
        entries.Add(new(key, value));
    }

    private static object? Normalise(object? value) => value switch
    {
        null or string or bool or long or double => value,
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or decimal or Half => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        System.Numerics.BigInteger big when big >= long.MinValue && big <= long.MaxValue => (long)big,
        IDictionary map => map.Keys.Cast<object>().ToDictionary(
            key => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "", key => Normalise(map[key])),
        IEnumerable<KeyValuePair<string, object?>> map => map.ToDictionary(entry => entry.Key, entry => Normalise(entry.Value)),
        IEnumerable list => list.Cast<object?>().Select(Normalise).ToList(),
        _ => value,
    };

    private List<ModelRow> RowsOf(string key)
    {
        if (Find(key) is not List<object?> rows || rows.Count == 0)
            throw Error($"there is no '{key}' with rows.", null, "A model description needs a backbone and a head.");
        List<int>? lines = rowLines?.GetValueOrDefault(key);
        return [.. rows.Select((row, index) => RowOf(key, index, row, lines?[index]))];
    }

    private ModelRow RowOf(string key, int index, object? value, int? line)
    {
        string position = line is null ? $"{key} row {index}" : $"{key} row {index} (line {line})";
        if (value is not List<object?> { Count: 4 } row)
            throw Error("a row must be [from, repeats, module, arguments].", position, "Write for example [-1, 1, Conv, [64, 3, 2]].");
        List<object?> from = row[0] is List<object?> list ? list : [row[0]];
        if (from.Count == 0 || from.Exists(entry => entry is not long))
            throw Error($"'{Text(row[0])}' is no layer index or list of them.", position, "Give -1 or the indices of earlier layers.");
        if (row[1] is not long and not double || Convert.ToDouble(row[1], CultureInfo.InvariantCulture) is < 1 or > 1000)
            throw Error($"'{Text(row[1])}' is no number of repeats.", position, "Give a whole number of at least 1.");
        if (row[2] is not string module || module.Length == 0)
            throw Error($"'{Text(row[2])}' is no module name.", position, "Give a name such as Conv.");
        List<object?> arguments = row[3] is List<object?> all ? all
            : row[3] is null ? []
            : throw Error($"the arguments must be a list, but they are '{Text(row[3])}'.", position, "Put them into brackets.");
        return new()
        {
            From = from.Select(entry => (int)Math.Clamp((long)entry!, int.MinValue, int.MaxValue)).ToArray(),
            FromIsList = row[0] is List<object?>,
            Repeats = Convert.ToInt32(row[1], CultureInfo.InvariantCulture),
            Module = module,
            Arguments = arguments,
            Line = line,
        };
    }
}
