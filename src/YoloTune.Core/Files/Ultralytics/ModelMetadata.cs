using System.Text.Json;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// What our own files carry beside the tensors, so that a model comes back complete: architecture, classes, origins, rates.
/// </summary>
internal static class ModelMetadata
{
    private const string PlanKey = "plan";
    private const string ItemsKey = "items";
    private const string KeypointNamesKey = "kpt_names";

    public static IEnumerable<KeyValuePair<string, string>> Of(YoloModel model)
    {
        ModelPlan plan = model.Network.Plan;
        yield return new(CheckpointMetadata.Version, CheckpointMetadata.CurrentVersion);
        yield return new("format", "pt");
        yield return new(CheckpointMetadata.Yaml, CheckpointMetadata.ToJson(model.Definition.ToDictionary()));
        yield return new(CheckpointMetadata.Names, CheckpointMetadata.ToJson(model.ClassNames));
        yield return new(CheckpointMetadata.Task, CheckpointMetadata.ToJson(model.Task.ToString().ToLowerInvariant()));
        yield return new(CheckpointMetadata.Stride, CheckpointMetadata.ToJson(model.Network.Strides));
        if (model.KeypointNames.Count > 0) yield return new(KeypointNamesKey, KeypointNameTable.ToText(model.KeypointNames));
        if (model.Arguments.Count > 0) yield return new(CheckpointMetadata.Arguments, CheckpointMetadata.ToJson(model.Arguments));
        yield return new(PlanKey,
            JsonSerializer.Serialize(plan.Options with { SppfActivation = plan.SppfActivation, ClassBranchWidth = plan.ClassBranchWidth }));
        Dictionary<string, object?> items = [];
        foreach (ModelItem item in model.Items)
        {
            items[item.Name] =
                new Dictionary<string, object?> { ["origin"] = item.Origin.ToString(), ["rate"] = item.LearningRateMultiplier };
        }
        yield return new(ItemsKey, CheckpointMetadata.ToJson(items));
    }

    public static PlanOptions? OptionsOf(IReadOnlyDictionary<string, string> metadata, string path) =>
        metadata.TryGetValue(PlanKey, out string? json)
            ? Guarded(PlanKey, path, () => JsonSerializer.Deserialize<PlanOptions>(json))
            : null;

    /// <summary>Gives the items their origins and rates back; a file of another program has none.</summary>
    public static void Restore(YoloModel model, IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (metadata.TryGetValue(KeypointNamesKey, out string? names)) model.KeypointNames = KeypointNameTable.Parse(names);
        if (!metadata.TryGetValue(ItemsKey, out string? json)) return;
        Guarded(ItemsKey, path, () =>
        {
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (ModelItem item in model.Items)
            {
                if (!document.RootElement.TryGetProperty(item.Name, out JsonElement stored)) continue;
                if (stored.TryGetProperty("origin", out JsonElement origin) && Enum.TryParse(origin.GetString(), out Origin value))
                    item.Origin = value;
                if (!stored.TryGetProperty("rate", out JsonElement rate)) continue;
                double multiplier = rate.GetDouble();
                if (!double.IsFinite(multiplier) || multiplier < 0)
                {
                    throw new ModelFormatException($"the rate '{rate}' of {item.Name} is not a number of 0 or more.", path,
                        "metadata " + ItemsKey);
                }
                item.LearningRateMultiplier = multiplier;
            }
            return true;
        });
    }

    /// <summary>
    /// What the JSON library says against a damaged text, and what a value of the wrong kind is, becomes an error with its place.
    /// </summary>
    private static T Guarded<T>(string name, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new ModelFormatException("the metadata cannot be read.", path, "metadata " + name,
                "The file is damaged; export the model again.", exception);
        }
    }
}
