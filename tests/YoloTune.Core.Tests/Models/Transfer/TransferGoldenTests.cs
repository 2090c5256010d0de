using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Models.Transfer;

public sealed partial class TransferGoldenTests
{
    private const string Golden = "reference/models/transfer.json";
    private static readonly ConcurrentDictionary<(string, int, int), YoloModel> Shapes = new();

    [SkippableFact]
    public void Counts_for_every_class_count_equal_the_reference()
    {
        using JsonDocument golden = Shared.Json(Golden);
        foreach (JsonProperty model in golden.RootElement.GetProperty("nc_change_source80").EnumerateObject())
        {
            foreach (JsonProperty pair in model.Value.EnumerateObject())
            {
                AssertCounts(Model(model.Name, 80), Model(model.Name, int.Parse(pair.Name)), pair.Value, $"{model.Name} 80 -> {pair.Name}");
            }
        }
    }

    [SkippableFact]
    public void Counts_of_the_task_heads_equal_the_reference()
    {
        using JsonDocument golden = Shared.Json(Golden);
        foreach (JsonProperty model in golden.RootElement.GetProperty("task_heads_nc_change").EnumerateObject())
        {
            int source = model.Value.GetProperty("source_nc").GetInt32();
            foreach (JsonProperty pair in model.Value.EnumerateObject().Where(pair => pair.Name != "source_nc"))
            {
                AssertCounts(Model(model.Name, source), Model(model.Name, int.Parse(pair.Name)), pair.Value,
                    $"{model.Name} {source} -> {pair.Name}");
            }
        }
    }

    [SkippableFact]
    public void Counts_across_architectures_equal_the_reference()
    {
        using JsonDocument golden = Shared.Json(Golden);
        foreach (JsonProperty pair in golden.RootElement.GetProperty("cross").EnumerateObject())
        {
            MatchCollection ends = End().Matches(pair.Name);
            if (ends.Count != 2) continue;
            YoloModel source = Model(ends[0]), target = Model(ends[1]);
            if (pair.Value[0].ValueKind == JsonValueKind.String)
            {
                // The reference raises a KeyError, for the source has no model.0.conv.weight; we transfer what fits.
                Assert.InRange(Plan(source, target).Transferred, 0, target.Items.Count);
                continue;
            }
            AssertCounts(source, target, pair.Value, pair.Name);
        }
    }

    [SkippableFact]
    public void Items_that_stay_behind_for_three_classes_equal_the_reference()
    {
        using JsonDocument golden = Shared.Json(Golden);
        foreach (JsonProperty model in golden.RootElement.GetProperty("untransferred_nc3").EnumerateObject())
        {
            TransferPlan plan = Plan(Model(model.Name, 80), Model(model.Name, 3));
            string[] expected =
                [.. model.Value.EnumerateArray()
                    .Select(item => $"{item[0]}{item[1].GetRawText()}{item[2].GetRawText()}".Replace(" ", "").Replace("\n", ""))];
            string[] actual =
            [
                .. plan.Items.Where(item => item.Status != TransferStatus.Transfer)
                    .Select(item => $"{item.Name}[{string.Join(",", item.SourceShape!)}][{string.Join(",", item.TargetShape)}]"),
            ];
            Assert.Equal(expected, actual);
        }
    }

    private static void AssertCounts(YoloModel source, YoloModel target, JsonElement expected, string name)
    {
        TransferPlan plan = Plan(source, target);
        Assert.Equal($"{name}: {expected[0]}/{expected[1]}", $"{name}: {plan.Transferred}/{plan.Total}");
        bool partial = expected.GetArrayLength() > 2;
        Assert.Equal($"{name}: {partial}", $"{name}: {plan.Items.Any(item => item.Status == TransferStatus.Partial)}");
    }

    private static TransferPlan Plan(YoloModel source, YoloModel target) =>
        TransferPlanner.Create(target, TransferSource.FromModel(source), new TransferOptions());

    private static YoloModel Model(Match end) => end.Groups["kind"].Value == "nc"
        ? Model(end.Groups["model"].Value, int.Parse(end.Groups["value"].Value))
        : Model(end.Groups["model"].Value, 80, int.Parse(end.Groups["value"].Value));

    /// <summary>A model of shapes without data, so that the largest scales cost nothing.</summary>
    private static YoloModel Model(string name, int classes, int channels = 3) => Shapes.GetOrAdd((name, classes, channels), key =>
    {
        ModelDefinition definition = ModelDefinition.Load(name).WithClassCount(classes).WithChannels(channels);
        YoloNetwork network = YoloNetwork.CreateShapes(ModelPlan.Create(definition));
        return new YoloModel(network, [.. Enumerable.Range(0, classes).Select(id => $"class_{id}")]);
    });

    [GeneratedRegex(@"(?<model>yolo[\w-]+)\((?<kind>nc|ch)=(?<value>\d+)\)")]
    private static partial Regex End();
}
