using Xunit;
using YoloTune.Basics;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

/// <summary>Model files with a mistake: each is refused with the file, the place and a remedy.</summary>
public sealed class BadModelTests
{
    private const string Good = """
        nc: 3
        scales:
          n: [0.5, 0.25, 1024]
        backbone:
          - [-1, 1, Conv, [64, 3, 2]]
          - [-1, 1, Conv, [128, 3, 2]]
          - [-1, 2, C3k2, [256, False, 0.25]]
        head:
          - [-1, 1, Conv, [256, 3, 2]]
          - [[2, 3], 1, Detect, [nc]]
        """;

    [Fact]
    public void The_example_without_a_mistake_is_accepted()
    {
        using YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Parse(Good, "yolo11n.yaml")));
        Assert.Equal([4, 8], network.Strides);
    }

    [Theory]
    [InlineData("Conv, [128, 3, 2]", "Konv, [128, 3, 2]", "row 1 (line 6)", "'Konv' is not known")]
    [InlineData("[-1, 2, C3k2", "[5, 2, C3k2", "row 2 (line 7)", "not before layer 2")]
    [InlineData("[-1, 2, C3k2", "[2, 2, C3k2", "row 2 (line 7)", "not before layer 2")]
    [InlineData("[-1, 2, C3k2", "[-9, 2, C3k2", "row 2 (line 7)", "before the first layer")]
    [InlineData("[-1, 2, C3k2", "[[0, 1], 2, C3k2", "row 2 (line 7)", "takes one input")]
    [InlineData("[-1, 2, C3k2", "[-1, 0, C3k2", "backbone row 2 (line 7)", "repeats")]
    [InlineData("[-1, 2, C3k2", "[-1.5, 2, C3k2", "backbone row 2 (line 7)", "layer index")]
    [InlineData("[256, False, 0.25]", "[256, False, 0.25, 1, 1, True, 9]", "row 2 (line 7)", "takes 1 to 6 arguments")]
    [InlineData("[256, False, 0.25]", "[]", "row 2 (line 7)", "takes 1 to 6 arguments")]
    [InlineData("[256, False, 0.25]", "[wide, False, 0.25]", "row 2 (line 7)", "must be a width")]
    [InlineData("[256, False, 0.25]", "[-5, False, 0.25]", "row 2 (line 7)", "must be a width")]
    [InlineData("nc: 3", "nc: 0", "nc", "the number of classes is 0")]
    [InlineData("nc: 3", "nc: many", "nc", "whole number")]
    [InlineData("nc: 3", "channels: 3", null, "(nc) is missing")]
    [InlineData("  n: [0.5, 0.25, 1024]", "  s: [0.5, 0.25, 1024]", "scales", "there is no scale 'n'")]
    [InlineData("  n: [0.5, 0.25, 1024]", "  n: [0.5, 0.25]", "scales", "[depth, width, max_channels]")]
    [InlineData("Detect, [nc]", "Conv, [64]", "row 4 (line 10)", "last row must be a head")]
    [InlineData("Detect, [nc]", "Pose, [nc, kpt_shape]", "row 4 (line 10)", "kpt_shape")]
    [InlineData("Detect, [nc]", "Detect, [5]", "row 4 (line 10)", "class count")]
    [InlineData("backbone:", "spine:", null, "there is no 'backbone'")]
    [InlineData("nc: 3", "nc: 3\nnc: 4", "line 2", "not valid YAML")]
    [InlineData("[256, 3, 2]", "[256, 3, 2", "line 10", "not valid YAML")]
    [InlineData("[256, 3, 2]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "line 9", "nested too deeply")]
    [InlineData("nc: 3", "nc: 3\nactivation: torch.nn.Sinus()", "activation", "not known")]
    [InlineData("[-1, 1, Conv, [256, 3, 2]]", "[[-1, 0], 1, Concat, [1]]", "row 3 (line 9)", "does not fit")]
    [InlineData("[128, 3, 2]", "[128, three, 2]", "row 1 (line 6)", "whole number")]
    [InlineData("[128, 3, 2]", "[128, -3, 2]", "row 1 (line 6)", "cannot be built")]
    [InlineData("[128, 3, 2]", "[128, 3, 0]", "row 1 (line 6)", "cannot be built")]
    [InlineData("[128, 3, 2]", "[128, 3, 2, 1, 7]", "row 1 (line 6)", "cannot be built")]
    public void A_mistake_is_reported_with_its_place_and_a_remedy(string part, string replacement, string? position, string message)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() =>
        {
            using YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Parse(Good.Replace(part, replacement), "my/yolo11n.yaml")));
        });
        Assert.Contains(message, error.Message);
        Assert.Equal("my/yolo11n.yaml", error.File);
        Assert.Equal(position, error.Position);
        Assert.False(string.IsNullOrEmpty(error.Remedy));
    }

    [Fact]
    public void Aliases_that_blow_a_file_up_are_refused()
    {
        string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
        foreach (char name in "bcdefgh") bomb += $"{name}: &{name} [{string.Join(", ", Enumerable.Repeat($"*{(char)(name - 1)}", 10))}]\n";
        Assert.Contains("too large", Assert.Throws<ModelFormatException>(() => ModelDefinition.Parse(bomb + Good, "yolo11n.yaml")).Message);
    }

    [Fact]
    public void A_module_that_needs_a_scale_is_refused_in_a_description_without_one()
    {
        Dictionary<string, object?> values = new(ModelDefinition.Parse(Good, "yolo11n.yaml").ToDictionary());
        values.Remove("scale");
        values.Remove("scales");
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => ModelPlan.Create(ModelDefinition.FromDictionary(values)));
        Assert.Contains("depends on the scale", error.Message);
    }
}
