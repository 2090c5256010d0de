using System.Globalization;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;

namespace YoloTune.Tests.Networks.Heads;

/// <summary>Each head finds its classes in its own state dict.</summary>
public sealed class StoredClassesTests
{
    /// <summary>Every description at its first scale, which covers every head and both class branches.</summary>
    public static TheoryData<string> Models() =>
        [.. ModelCatalog.Entries.GroupBy(entry => entry.Description).Select(group => group.First().Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_head_reads_its_classes_from_its_own_state_dict(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(name).WithClassCount(7));
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        Dictionary<string, long[]> shapes = network.StateItems.ToDictionary(item => item.Name, item => item.Tensor.shape);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"model.{plan.Layers.Count - 1}.");

        StoredClasses? classes = NetworkTask.HeadOf(plan.Head.Module)!.ReadClasses(item => shapes.GetValueOrDefault(prefix + item));

        Assert.Equal(7, classes!.Count);
        Assert.Equal(plan.ClassBranchWidth, classes.BranchWidth);
        bool? isLegacy = !plan.Task.PredictsObjects ? null : plan.LegacyClassBranch && plan.Head.Module != "v10Detect";
        Assert.Equal(isLegacy, classes.IsLegacy);
    }

    [Fact]
    public void The_one_to_one_branch_answers_where_the_other_has_been_left_out()
    {
        Dictionary<string, long[]> shapes = new() { ["one2one_cv3.0.2.weight"] = [5, 64, 1, 1] };
        Assert.Equal(new(5, 64, false), Detect.ReadClasses(name => shapes.GetValueOrDefault(name)));
    }

    [Fact]
    public void Items_of_another_head_are_no_answer()
    {
        Dictionary<string, long[]> shapes = new() { ["linear.weight"] = [5, 1280] };
        Assert.Null(Detect.ReadClasses(name => shapes.GetValueOrDefault(name)));
        Assert.Equal(new(5), Classify.ReadClasses(name => shapes.GetValueOrDefault(name)));
    }
}
