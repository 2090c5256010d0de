using System.Reflection;
using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

/// <summary>The built-in models: one description a family variant, written for this project, at all its scales.</summary>
public static class ModelCatalog
{
    private const string Prefix = "Catalog/";
    private const string Sizes = "tnsmbclxe";
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Files = new(ReadFiles);
    private static readonly Lazy<IReadOnlyList<CatalogEntry>> All = new(ListEntries);

    /// <summary>Every built-in model at every scale, in order of release, variant and size.</summary>
    public static IReadOnlyList<CatalogEntry> Entries => All.Value;

    /// <summary>The names of the descriptions, without scale letters: yolo11, yolo11-seg, yolov9c ...</summary>
    public static IEnumerable<string> Descriptions => Files.Value.Keys;

    /// <summary>The YAML text of a description, or null when there is none of that name.</summary>
    public static string? Text(string description) => Files.Value.GetValueOrDefault(description);

    /// <summary>The built-in name closest to a mistyped one, or null when none is close.</summary>
    public static string? Nearest(string name) => NearestName.Of(name, Entries.Select(entry => entry.Name));

    private static Dictionary<string, string> ReadFiles()
    {
        Assembly assembly = typeof(ModelCatalog).Assembly;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
            files[ModelNames.Stem(resource[Prefix.Length..])] = reader.ReadToEnd();
        }
        return files;
    }

    private static List<CatalogEntry> ListEntries()
    {
        List<CatalogEntry> entries = [];
        foreach (string description in Files.Value.Keys)
        {
            ModelDefinition definition = ModelDefinition.Load(description);
            IReadOnlyList<ModelScale> scales = definition.Scales;
            (string family, NetworkTask task) = (definition.Family, definition.Task);
            if (scales.Count < 2)
            {
                string letter = scales.Count == 0 ? LetterOf(description) : scales[0].Letter;
                entries.Add(new(description, family, letter, task, description));
                continue;
            }
            entries.AddRange(scales.Select(scale =>
                new CatalogEntry(description.Insert(family.Length, scale.Letter), family, scale.Letter, task, description)));
        }
        return
        [
            .. entries.OrderBy(entry => ModelNames.ReleaseOf(entry.Name)).ThenBy(entry => entry.Task)
                .ThenBy(Variant, StringComparer.Ordinal).ThenBy(entry => Sizes.IndexOf(entry.Scale, StringComparison.Ordinal)),
        ];
    }

    private static string LetterOf(string description)
    {
        string rest = description[ModelNames.FamilyOf(description).Length..];
        return rest.Length > 0 && char.IsAsciiLetterLower(rest[0]) ? rest[..1] : "";
    }

    private static string Variant(CatalogEntry entry) => entry.Name[(entry.Family.Length + entry.Scale.Length)..];
}
