using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

public sealed class ParameterGroupsTests
{
    [SkippableTheory]
    [InlineData("yolo11n", 80)]
    [InlineData("yolov8n", 80)]
    [InlineData("yolo26n", 80)]
    [InlineData("yolo11n", 3)]
    public void Groups_of_a_model_equal_the_golden(string model, int classes)
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "param_groups.json");
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(model).WithClassCount(classes));
        using YoloNetwork network = new(plan, new() { Initialise = false });
        TrainableParameter[] parameters =
        [
            .. network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
        ];
        JsonElement[] goldens =
        [
            .. document.RootElement.GetProperty("models").EnumerateArray().Where(golden =>
                golden.GetProperty("model").GetString() == model + ".yaml" && golden.GetProperty("nc").GetInt32() == classes),
        ];
        Assert.Equal(3, goldens.Length);
        foreach (JsonElement golden in goldens)
        {
            OptimizerKind kind = Enum.Parse<OptimizerKind>(golden.GetProperty("optimizer_requested").GetString()!);
            IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(parameters, kind, 0.01, 0.937, 0.0005);
            Assert.Equal(golden.GetProperty("total_tensors").GetInt32(), groups.Sum(group => group.Parameters.Count));
            JsonElement[] expected = [.. golden.GetProperty("groups").EnumerateArray()];
            Assert.Equal(expected.Length, groups.Count);
            foreach ((JsonElement want, ParameterGroup group) in expected.Zip(groups)) AssertGroup(want, group);
        }
    }

    private static void AssertGroup(JsonElement golden, ParameterGroup group)
    {
        string kind = group.Kind switch
        {
            ParameterGroupKind.Normalization => "bn",
            ParameterGroupKind other => other.ToString().ToLowerInvariant(),
        };
        Assert.Equal(golden.GetProperty("kind").GetString(), kind);
        Assert.Equal(golden.GetProperty("tensors").GetInt32(), group.Parameters.Count);
        Assert.Equal(golden.GetProperty("elements").GetInt64(), group.Parameters.Sum(parameter => parameter.Value.numel()));
        Assert.Equal(golden.GetProperty("lr").GetDouble(), group.LearningRate, 12);
        Assert.Equal(golden.GetProperty("weight_decay").GetDouble(), group.WeightDecay);
        string[] first = [.. golden.GetProperty("first_names").EnumerateArray().Select(name => name.GetString()!)];
        string[] last = [.. golden.GetProperty("last_names").EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal(first, group.Parameters.Take(first.Length).Select(parameter => parameter.Name));
        Assert.Equal(last, group.Parameters.TakeLast(last.Length).Select(parameter => parameter.Name));
    }
}
