using System.Text.Json;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

public sealed class CatalogTests
{
    [SkippableFact]
    public void Every_description_has_the_reference_keys_and_rows()
    {
        using JsonDocument reference = Shared.Json("reference/models/rows.json");
        Assert.Equal(
            reference.RootElement.EnumerateObject().Select(file => file.Name).Order(StringComparer.Ordinal),
            ModelCatalog.Descriptions.Order(StringComparer.Ordinal));
        foreach (JsonProperty file in reference.RootElement.EnumerateObject())
        {
            ModelDefinition definition = ModelDefinition.Load(file.Name);
            Assert.Equal(file.Value.GetProperty("n_backbone_rows").GetInt32(), definition.Backbone.Count);
            Assert.Equal(
                file.Value.GetProperty("rows").EnumerateArray().Select(row => Text(row)),
                definition.Rows.Select(row =>
                    $"[{(row.FromIsList ? $"[{string.Join(", ", row.From)}]" : row.From[0])}, {row.Repeats}, {row.Module}, "
                    + $"{ModelDefinition.Text(row.Arguments)}]"));
            string[] structure = ["rows", "n_backbone_rows", "scales"];
            foreach (JsonProperty key in file.Value.EnumerateObject().Where(key => !structure.Contains(key.Name)))
                Assert.Equal(Text(key.Value), ModelDefinition.Text(definition.Find(key.Name)));
            string[] scales = file.Value.TryGetProperty("scales", out JsonElement all)
                ? [.. all.EnumerateObject().Select(scale => $"{scale.Name} {Numbers(scale.Value)}")]
                : [];
            Assert.Equal(scales, definition.Scales.Select(scale =>
                FormattableString.Invariant($"{scale.Letter} {scale.Depth} {scale.Width} {scale.MaxChannels}")));
        }
    }

    [Fact]
    public void Names_are_unique_and_say_family_scale_and_task()
    {
        Assert.Equal(ModelCatalog.Entries.Count, ModelCatalog.Entries.Select(entry => entry.Name).Distinct().Count());
        Assert.Contains(new CatalogEntry("yolo11n", "yolo11", "n", NetworkTask.Parse("Detect"), "yolo11"), ModelCatalog.Entries);
        Assert.Contains(new CatalogEntry("yolov8x-pose-p6", "yolov8", "x", NetworkTask.Parse("Pose"), "yolov8-pose-p6"),
            ModelCatalog.Entries);
        Assert.Contains(new CatalogEntry("yolov9c-seg", "yolov9", "c", NetworkTask.Parse("Segment"), "yolov9c-seg"), ModelCatalog.Entries);
        Assert.Contains(new CatalogEntry("yolov10b", "yolov10", "b", NetworkTask.Parse("Detect"), "yolov10b"), ModelCatalog.Entries);
        Assert.Contains(new CatalogEntry("yolov3-tiny", "yolov3", "", NetworkTask.Parse("Detect"), "yolov3-tiny"), ModelCatalog.Entries);
    }

    [Fact]
    public void Every_entry_can_be_planned_by_its_name()
    {
        foreach (CatalogEntry entry in ModelCatalog.Entries)
        {
            ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(entry.Name));
            Assert.Equal(entry.Name, plan.Definition.Name);
            Assert.Equal(entry.Task, plan.Task);
            Assert.Empty(plan.Warnings);
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Text))}]",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Null => "None",
        JsonValueKind.Number => FormattableString.Invariant($"{value.GetDouble()}"),
        _ => value.GetString()!,
    };

    private static string Numbers(JsonElement list) =>
        string.Join(' ', list.EnumerateArray().Select(number => FormattableString.Invariant($"{number.GetDouble()}")));
}
