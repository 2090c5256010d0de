using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

public sealed class ModelPlanTests
{
    [Fact]
    public void A_width_equal_to_the_class_count_stays_unscaled()
    {
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load("yolo11n").WithClassCount(64));
        Assert.Equal(64, plan.Layers[0].OutputChannels);
        Assert.Equal(32, plan.Layers[1].OutputChannels);
        Assert.Equal(16, ModelPlan.Create(ModelDefinition.Load("yolo11n")).Layers[0].OutputChannels);
    }

    [Theory]
    [InlineData("yolo11n.yaml", 2_624_080)]
    [InlineData("custom.yaml", 2_646_112)]
    public void Without_scales_an_empty_letter_forces_the_larger_blocks_as_the_reference_does(string fileName, long parameters)
    {
        string yaml = ModelCatalog.Text("yolo11")!;
        int start = yaml.IndexOf("scales:", StringComparison.Ordinal);
        int end = yaml.IndexOf("backbone:", StringComparison.Ordinal);
        yaml = yaml[..start] + "depth_multiple: 0.5\nwidth_multiple: 0.25\n\n" + yaml[end..];
        Assert.Equal(parameters, NetworkProfile.Of(ModelPlan.Create(ModelDefinition.Parse(yaml, fileName))).Parameters);
    }

    [Theory]
    [InlineData("yolov5n", true)]
    [InlineData("yolov8n", true)]
    [InlineData("yolo11n", true)]
    [InlineData("yolo26n", false)]
    [InlineData("yolo26n-p6", false)]
    public void Sppf_has_its_first_activation_in_the_families_trained_with_it(string name, bool expected)
    {
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(name));
        Assert.Equal(expected, plan.SppfActivation);
        Assert.NotEqual(expected, ModelPlan.Create(plan.Definition, new() { SppfActivation = !expected }).SppfActivation);
    }

    [Theory]
    [InlineData(false, 448)]
    [InlineData(true, 493)]
    public void Keeping_the_class_branch_keeps_its_shapes(bool keep, int matching)
    {
        using YoloNetwork source = YoloNetwork.CreateShapes(ModelPlan.Create(ModelDefinition.Load("yolo11n")));
        ModelDefinition target = ModelDefinition.Load("yolo11n").WithClassCount(3);
        using YoloNetwork network = YoloNetwork.CreateShapes(ModelPlan.Create(target, new() { KeepClassBranch = keep }));
        Dictionary<string, long[]> shapes = source.StateItems.ToDictionary(item => item.Name, item => item.Tensor.shape);
        Assert.Equal(matching, network.StateItems.Count(item => shapes[item.Name].SequenceEqual(item.Tensor.shape)));
        Assert.Equal(keep ? 80 : 64, network.ClassBranchWidth);
    }

    [Fact]
    public void A_width_of_the_class_branch_can_be_given()
    {
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load("yolov8n"), new() { ClassBranchWidth = 96 });
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        Assert.Equal([96L, 64, 3, 3], network.StateItems.Single(item => item.Name == "model.22.cv3.0.0.conv.weight").Tensor.shape);
    }

    [Fact]
    public void The_parts_are_backbone_neck_and_head()
    {
        ModelPlan plan = ModelPlan.Create(ModelDefinition.Load("yolo11n"));
        Assert.Equal(LayerPart.Backbone, plan.Layers[10].Part);
        Assert.Equal(LayerPart.Neck, plan.Layers[11].Part);
        Assert.Equal(LayerPart.Head, plan.Layers[23].Part);
        Assert.Equal([16, 19, 22], plan.Layers[23].Sources);
        Assert.Equal([-1], plan.Layers[0].Sources);
    }
}
