using Xunit;
using YoloTune.Basics;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Networks.Architecture;

public sealed class ModelDefinitionTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "YoloTune [模型] " + Guid.NewGuid().ToString("N"));

    public ModelDefinitionTests() => Directory.CreateDirectory(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("yolo11n", "n")]
    [InlineData("yolov8x-seg", "x")]
    [InlineData("yolov5nu", "n")]
    [InlineData("yolov9m", "m")]
    [InlineData("yolov9t", "")]
    [InlineData("yolov9c", "")]
    [InlineData("yolov10b", "")]
    [InlineData("yolov3-tiny", "")]
    [InlineData("yolo11", "")]
    [InlineData("folder/yolo26l-p6.yaml", "l")]
    public void Scale_letter_is_read_from_the_name(string name, string letter) => Assert.Equal(letter, ModelNames.ScaleOf(name));

    [Theory]
    [InlineData("yolo11n-seg", "yolo11-seg")]
    [InlineData("yolov8x", "yolov8")]
    [InlineData("yolov9t", "yolov9t")]
    public void Unified_name_loses_the_letter(string name, string unified) => Assert.Equal(unified, ModelNames.Unified(name));

    [Theory]
    [InlineData("yolo11n", "yolo11n", "n", "Detect")]
    [InlineData("yolov8s-seg", "yolov8s-seg", "s", "Segment")]
    [InlineData("yolo26n-p2.yaml", "yolo26n-p2", "n", "Detect")]
    [InlineData("yolov5nu", "yolov5nu", "n", "Detect")]
    [InlineData("yolov3u", "yolov3u", "", "Detect")]
    [InlineData("yolov3-tinyu", "yolov3-tinyu", "", "Detect")]
    [InlineData("yolov9c", "yolov9c", "", "Detect")]
    [InlineData("yolov10s", "yolov10s", "s", "Detect")]
    [InlineData("yolo12x-cls", "yolo12x-cls", "x", "Classify")]
    public void Names_that_users_type_are_found(string typed, string name, string scale, string task)
    {
        ModelDefinition definition = ModelDefinition.Load(typed);
        Assert.Equal((name, scale, task), (definition.Name, definition.Scale, definition.Task.Name));
        Assert.Empty(definition.Warnings);
    }

    [Theory]
    [InlineData("yolov5n6", "yolov5n-p6")]
    [InlineData("yolov5n6u", "yolov5n-p6")]
    [InlineData("yolov8x6.yaml", "yolov8x-p6")]
    public void Old_names_of_large_image_models_are_understood_with_a_warning(string typed, string name)
    {
        ModelDefinition definition = ModelDefinition.Load(typed);
        Assert.Equal(name, definition.Name);
        Assert.Equal(name + ".yaml", definition.FileName);
        Assert.Single(definition.Warnings);
    }

    [Theory]
    [InlineData("yolo11q", "yolo11n")]
    [InlineData("yolov11n", "yolo11n")]
    [InlineData("resnet50", null)]
    [InlineData("missing.yaml", null)]
    public void Unknown_names_are_refused_with_a_hint(string typed, string? hint)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => ModelDefinition.Load(typed));
        Assert.NotNull(error.Remedy);
        if (hint is not null) Assert.Contains("Did you mean", error.Remedy);
    }

    [Fact]
    public void A_file_of_ones_own_is_found_without_its_scale_letter()
    {
        File.WriteAllText(Path.Combine(folder, "yolo11-mine.yaml"), ModelCatalog.Text("yolo11"));
        ModelDefinition definition = ModelDefinition.Load(Path.Combine(folder, "yolo11s-mine.yaml"));
        Assert.Equal(("yolo11s-mine", "s"), (definition.Name, definition.Scale));
        Assert.Equal(0.5, ModelPlan.Create(definition).Scale.Width);
    }

    [Fact]
    public void A_file_of_ones_own_wins_over_the_built_in()
    {
        string path = Path.Combine(folder, "yolo11n.yaml");
        File.WriteAllText(path, ModelCatalog.Text("yolov8")!.Replace("nc: 80", "nc: 7"));
        Assert.Equal(7, ModelDefinition.Load(path).ClassCount);
    }

    [Fact]
    public void A_description_survives_the_way_through_a_checkpoint_with_order_and_unknown_keys()
    {
        string yaml = "author: me\nmine: {a: [1, 2.5, null]}\n" + ModelCatalog.Text("yolo26-pose");
        ModelDefinition original = ModelDefinition.Parse(yaml, "yolo26s-pose.yaml");
        // A checkpoint's reader gives other collections and number types than the YAML parser.
        Dictionary<string, object?> stored = [];
        foreach ((string key, object? value) in original.ToDictionary()) stored[key] = AsPickled(value);
        ModelDefinition again = ModelDefinition.FromDictionary(stored);
        Assert.Equal(original.ToDictionary().Keys, again.ToDictionary().Keys);
        Assert.Equal("author", again.ToDictionary().Keys.First());
        Assert.Equal(ModelDefinition.Text(original.Find("head")), ModelDefinition.Text(again.Find("head")));
        Assert.Equal((17, 3), again.KeypointShape);
        Assert.Equal(ModelPlan.Create(original).Save, ModelPlan.Create(again).Save);
        Assert.Equal("yolo26s-pose", again.Name);
    }

    [Fact]
    public void Another_class_count_replaces_the_number_in_its_place()
    {
        ModelDefinition changed = ModelDefinition.Load("yolo11n").WithClassCount(3);
        Assert.Equal(3, changed.ClassCount);
        Assert.Equal("nc", changed.ToDictionary().Keys.First());
        Assert.Equal(80, ModelDefinition.Load("yolo11n").ClassCount);
    }

    private static object? AsPickled(object? value) => value switch
    {
        long number => (int)number,
        List<object?> list => list.Select(AsPickled).ToArray(),
        Dictionary<string, object?> map => map.ToDictionary(entry => (object)entry.Key, entry => AsPickled(entry.Value)),
        _ => value,
    };
}
