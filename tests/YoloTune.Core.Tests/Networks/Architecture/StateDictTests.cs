using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

public sealed class StateDictTests
{
    [SkippableTheory]
    [InlineData("yolov3")]
    [InlineData("yolov3-spp")]
    [InlineData("yolov3-tiny")]
    [InlineData("yolov5n")]
    [InlineData("yolov6n")]
    [InlineData("yolov8n")]
    [InlineData("yolov9t")]
    [InlineData("yolov9c")]
    [InlineData("yolov9e")]
    [InlineData("yolov10n")]
    [InlineData("yolov10b")]
    [InlineData("yolo11n")]
    [InlineData("yolo11m")]
    [InlineData("yolo11n-seg")]
    [InlineData("yolo11n-pose")]
    [InlineData("yolo11n-obb")]
    [InlineData("yolo11n-cls")]
    [InlineData("yolo12n")]
    [InlineData("yolo12l")]
    [InlineData("yolo26n")]
    [InlineData("yolo26n-seg")]
    [InlineData("yolo26n-pose")]
    [InlineData("yolo26n-obb")]
    [InlineData("yolo26n-cls")]
    public void Names_shapes_types_and_order_equal_the_reference(string name)
    {
        using JsonDocument expected = Shared.Json($"reference/models/statedict_{name}.json");
        using YoloNetwork network = YoloNetwork.CreateShapes(ModelPlan.Create(ModelDefinition.Load(name)));
        Assert.Equal(
            expected.RootElement.EnumerateArray().Select(item => $"{item[0]} [{string.Join(",", item[1].EnumerateArray())}] {item[2]}"),
            network.StateItems.Select(item =>
                $"{item.Name} [{string.Join(",", item.Tensor.shape)}] {item.Tensor.dtype.ToString().ToLowerInvariant()}"));
    }
}
