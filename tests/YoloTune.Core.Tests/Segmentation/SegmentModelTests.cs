using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Segmentation;

/// <summary>Counts of transferred items and of the optimiser's tensors.</summary>
public sealed class SegmentModelTests
{
    [SkippableFact]
    public void Counts_of_transferred_items_equal_the_golden()
    {
        using JsonDocument golden = SegmentGolden.Json("transfer.json");
        foreach (JsonElement row in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string target = row.GetProperty("target").GetString()!, source = row.GetProperty("source").GetString()!;
            string from = source.Contains("detect", StringComparison.Ordinal)
                ? target.Replace("-seg", "", StringComparison.Ordinal)
                : target;
            TransferPlan plan = TransferPlanner.Create(
                Model(target, row.GetProperty("nc").GetInt32()), TransferSource.FromModel(Model(from, 80)), new TransferOptions());
            string[] behind = [.. plan.Items.Where(item => item.Status != TransferStatus.Transfer).Select(item => item.Name)];
            Assert.Equal(
                $"{row.GetProperty("transferred")}/{row.GetProperty("total")} {source} {target}",
                $"{plan.Total - behind.Length}/{plan.Total} {source} {target}");
            if (!row.TryGetProperty("first_not_transferred", out JsonElement first)) continue;
            string[] names = [.. first.EnumerateArray().Select(name => name.GetString()!)];
            Assert.Equal(names, behind.Take(names.Length));
        }
    }

    [SkippableTheory]
    [InlineData("yolov8n-seg")]
    [InlineData("yolo11n-seg")]
    [InlineData("yolo26n-seg")]
    public void Groups_of_the_optimiser_equal_the_golden(string model)
    {
        using JsonDocument golden = SegmentGolden.Json("param_groups.json");
        using YoloNetwork network = new(
            ModelPlan.Create(ModelDefinition.Load(model).WithClassCount(80)), new() { Initialise = false });
        TrainableParameter[] parameters =
            [.. network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor))];
        int cases = 0;
        foreach (JsonElement item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (item.GetProperty("model").GetString() != model) continue;
            cases++;
            OptimizerKind kind = Enum.Parse<OptimizerKind>(item.GetProperty("optimizer").GetString()!);
            JsonElement[] expected =
                [.. item.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("tensors").GetInt32() > 0)];
            ParameterGroup[] groups =
                [.. ParameterGroups.Create(parameters, kind, 0.01, 0.937, 0.0005).Where(group => group.Parameters.Count > 0)];
            Assert.Equal(expected.Select(Describe).Order(), groups.Select(Describe).Order());
        }
        Assert.Equal(3, cases);
    }

    private static string Describe(JsonElement group) => string.Join(
        ' ', group.GetProperty("role").GetString(), group.GetProperty("tensors").GetInt32(), group.GetProperty("elements").GetInt64(),
        Rounded(group.GetProperty("lr").GetDouble()), Rounded(group.GetProperty("weight_decay").GetDouble()),
        group.GetProperty("proto").GetInt32(), group.GetProperty("first")[0].GetString());

    private static string Describe(ParameterGroup group) => string.Join(
        ' ', group.Kind == ParameterGroupKind.Normalization ? "bn" : group.Kind.ToString().ToLowerInvariant(), group.Parameters.Count,
        group.Parameters.Sum(parameter => parameter.Value.numel()), Rounded(group.LearningRate), Rounded(group.WeightDecay),
        group.Parameters.Count(parameter => parameter.Name.Contains(".proto.", StringComparison.Ordinal)), group.Parameters[0].Name);

    private static string Rounded(double value) => FormattableString.Invariant($"{value:g6}");

    private static YoloModel Model(string name, int classes) => new(
        YoloNetwork.CreateShapes(ModelPlan.Create(ModelDefinition.Load(name).WithClassCount(classes))),
        [.. Enumerable.Range(0, classes).Select(id => $"class_{id}")]);
}
