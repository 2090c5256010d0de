using System.Text.Json;
using YoloTune.Basics;
using YoloTune.Networks;

namespace YoloTune.Files.Ultralytics;

/// <summary>What the metadata of a file written by YoloTune says; empty for other files.</summary>
internal sealed record MetadataFacts
{
    public Dictionary<string, object?>? Yaml { get; private init; }

    public IReadOnlyList<string> Names { get; private init; } = [];

    public NetworkTask? Task { get; private init; }

    public IReadOnlyList<int> Strides { get; private init; } = [];

    public Dictionary<string, object?> Arguments { get; private init; } = [];

    public Dictionary<string, object?> Extras { get; private init; } = [];

    public int? ClassCount => ModelFacts.Count(Yaml?.GetValueOrDefault("nc")) ?? (Names.Count > 0 ? Names.Count : null);

    public static MetadataFacts Parse(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(CheckpointMetadata.Version, out string? version)) return new();
        if (version != CheckpointMetadata.CurrentVersion)
        {
            throw new ModelFormatException(
                $"the metadata is of version '{version}'; this YoloTune reads {CheckpointMetadata.CurrentVersion}.",
                path,
                remedy: "Use a later YoloTune.");
        }
        return new()
        {
            Yaml = Value<Dictionary<string, object?>>(metadata, CheckpointMetadata.Yaml, path),
            Names = ModelFacts.NamesOf(Value<List<object?>>(metadata, CheckpointMetadata.Names, path), path),
            // Our own files write it as JSON, in quotes; as plain text it is understood too.
            Task = metadata.TryGetValue(CheckpointMetadata.Task, out string? task) ? ModelFacts.TaskOf(task.Trim('"')) : null,
            Strides = ModelFacts.Integers(Value<List<object?>>(metadata, CheckpointMetadata.Stride, path)),
            Arguments = Value<Dictionary<string, object?>>(metadata, CheckpointMetadata.Arguments, path) ?? [],
            Extras = Value<Dictionary<string, object?>>(metadata, CheckpointMetadata.Extras, path) ?? [],
        };
    }

    private static T? Value<T>(IReadOnlyDictionary<string, string> metadata, string name, string path)
        where T : class
    {
        if (!metadata.TryGetValue(name, out string? json)) return null;
        try
        {
            return CheckpointMetadata.FromJson(json) as T
                ?? throw new ModelFormatException("the metadata is of the wrong type.", path, $"metadata {name}");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException("the metadata is not JSON.", path, $"metadata {name}", inner: exception);
        }
    }
}
