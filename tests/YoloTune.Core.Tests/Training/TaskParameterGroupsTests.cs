using System.Text.Json;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

public sealed class TaskParameterGroupsTests
{
    [SkippableTheory]
    [InlineData("pose", "yolov8n-pose", 1)]
    [InlineData("pose", "yolo11n-pose", 1)]
    [InlineData("pose", "yolo26n-pose", 1)]
    [InlineData("obb", "yolov8n-obb", 15)]
    [InlineData("obb", "yolo11n-obb", 15)]
    [InlineData("obb", "yolo26n-obb", 15)]
    public void Groups_of_a_task_model_equal_the_golden(string task, string model, int classes)
    {
        using JsonDocument document = Shared.Json($"reference/tasks/{task}/goldens/param_groups.json");
        using YoloNetwork network =
            new(ModelPlan.Create(ModelDefinition.Load(model).WithClassCount(classes)), new() { Initialise = false });
        TrainableParameter[] parameters =
        [
            .. network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
        ];
        foreach (JsonElement golden in document.RootElement.GetProperty("cases").EnumerateArray()
            .Where(item => item.GetProperty("model").GetString() == model))
        {
            OptimizerKind kind = Enum.Parse<OptimizerKind>(golden.GetProperty("optimizer").GetString()!);
            IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(parameters, kind, 0.01, 0.937, 0.0005);
            JsonElement[] expected =
                [.. golden.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("tensors").GetInt32() > 0)];
            ParameterGroup[] filled = [.. groups.Where(group => group.Parameters.Count > 0)];
            Assert.Equal(expected.Length, filled.Length);
            foreach (JsonElement want in expected)
            {
                string role = want.GetProperty("role").GetString()!;
                ParameterGroup group = filled.Single(
                    candidate => Role(candidate.Kind) == role && candidate.Parameters.Count == want.GetProperty("tensors").GetInt32());
                Assert.Equal(want.GetProperty("tensors").GetInt32(), group.Parameters.Count);
                Assert.Equal(want.GetProperty("elements").GetInt64(), group.Parameters.Sum(parameter => parameter.Value.numel()));
                Assert.Equal(want.GetProperty("lr").GetDouble(), group.LearningRate, 12);
                Assert.Equal(want.GetProperty("weight_decay").GetDouble(), group.WeightDecay);
                Assert.Equal(want.GetProperty("flow").GetInt32(),
                    group.Parameters.Count(p => p.Name.Contains("flow_model", StringComparison.Ordinal)));
                Assert.Equal(want.GetProperty("first")[0].GetString(), group.Parameters[0].Name);
                Assert.Equal(want.GetProperty("last")[0].GetString(), group.Parameters[^1].Name);
            }
        }
    }

    private static string Role(ParameterGroupKind kind) =>
        kind == ParameterGroupKind.Normalization ? "bn" : kind.ToString().ToLowerInvariant();
}
