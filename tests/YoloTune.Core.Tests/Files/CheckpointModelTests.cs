using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Files;

/// <summary>Module trees that the files at hand do not show: unfinished trainings, hidden buffers, other tasks and packages.</summary>
public sealed class CheckpointModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TorchArchiveWriter writer = new();
    private readonly torch.Tensor ones = torch.ones(2);
    private readonly torch.Tensor zeros = torch.zeros(3);

    public void Dispose()
    {
        ones.Dispose();
        zeros.Dispose();
        folder.Dispose();
    }

    private static PickleDictionary Dictionary(params (object Key, object? Value)[] items)
    {
        PickleDictionary dictionary = [];
        foreach ((object key, object? value) in items) dictionary.Set(key, value);
        return dictionary;
    }

    private static PickleList Texts(params string[] items)
    {
        PickleList list = new() { IsSet = true };
        foreach (string item in items) list.Add(item);
        return list;
    }

    private PickleObject Leaf(torch.Tensor weight) => Module(
        "torch.nn.modules.batchnorm",
        "BatchNorm2d",
        Dictionary(),
        ("_parameters", Dictionary(("weight", writer.Add(weight, isParameter: true)), ("bias", null))),
        ("_buffers", Dictionary(("kept", writer.Add(zeros)), ("hidden", writer.Add(zeros)))),
        ("_non_persistent_buffers_set", Texts("hidden")),
        ("_forward_hooks", Dictionary()),
        ("eps", 0.001));

    private static PickleObject Module(
        string package, string name, PickleDictionary children, params (object Key, object? Value)[] attributes)
    {
        PickleDictionary state = Dictionary(attributes);
        state.Set("_modules", children);
        return new(new(package, name), PickleTuple.Empty) { State = state };
    }

    private CheckpointContent ReadBack(object root)
    {
        writer.Write(folder.File("model.pt"), root);
        return CheckpointReader.Read(folder.File("model.pt"));
    }

    [Fact]
    public void Items_stand_in_the_order_of_the_state_dict_without_none_and_hidden_buffers()
    {
        PickleObject model = Module("ultralytics.nn.tasks", "PoseModel", Dictionary(("b", Leaf(ones)), ("none", null), ("a", Leaf(zeros))),
            ("yaml", Dictionary(("nc", 1L), ("kpt_shape", new PickleTuple(17L, 3L)))), ("names", Dictionary((1L, "y"), (0L, "x"))));
        using CheckpointContent content = ReadBack(Dictionary(("model", model)));
        Assert.Equal(["b.weight", "b.kept", "a.weight", "a.kept"], content.Items.Select(item => item.Name));
        Assert.Equal([false, true, false, true], content.Items.Select(item => item.IsBuffer));
        Assert.Equal(["", "b", "a"], content.Modules.Select(module => module.Path));
        Assert.Equal(["eps"], content.Module("a")!.Attributes.Keys);
        Assert.Equal("Pose", content.Task?.Name);
        Assert.Equal([17, 3], content.KeypointShape);
        Assert.Equal(["x", "y"], content.Names);
        Assert.Equal(CheckpointKind.UltralyticsModel, content.Kind);
    }

    [Fact]
    public void An_unfinished_training_gives_its_moving_average()
    {
        PickleObject average = Module("ultralytics.nn.tasks", "DetectionModel", Dictionary(("0", Leaf(ones))), ("yaml", Dictionary()),
            ("args", Dictionary(("imgsz", 640L), ("task", "segment"))), ("task", "obb"));
        PickleObject path = new(new("pathlib", "PosixPath"), new("/", "runs", "a"));
        PickleDictionary settings = Dictionary(("imgsz", 320L), ("save_dir", path));
        using CheckpointContent content = ReadBack(Dictionary(
            ("epoch", 7L), ("model", null), ("ema", average), ("optimizer", Dictionary(("state", Dictionary()))), ("train_args", settings),
            ("train_results", Dictionary(("epoch", new PickleTuple(1L, 2L))))));
        Assert.True(content.IsAverage);
        Assert.True(content.HasOptimizer);
        Assert.Equal("Obb", content.Task?.Name);
        Assert.Equal(320L, content.Arguments["imgsz"]);
        Assert.Equal("/runs/a", content.Arguments["save_dir"]);
        Assert.Equal(["epoch", "train_results"], content.Extras.Keys);
    }

    [Fact]
    public void A_module_saved_without_a_dictionary_around_it_is_read()
    {
        using CheckpointContent content = ReadBack(Module("somewhere.else", "Net", Dictionary(("0", Leaf(ones)))));
        Assert.Equal(CheckpointKind.StateDict, content.Kind);
        Assert.Equal(2, content.Items.Count);
        Assert.Null(content.Task);
    }

    [Fact]
    public void A_refused_file_leaves_no_tensor_behind()
    {
        PickleTensor broken = writer.Add(ones) with { Offset = 1 };
        writer.Write(folder.File("broken.pt"), Dictionary(("fine", writer.Add(zeros)), ("broken", broken)));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("broken.pt")));
        Assert.Equal("tensor broken", exception.Position);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
