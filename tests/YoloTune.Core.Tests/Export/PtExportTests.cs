using TorchSharp;
using Xunit;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Export;

/// <summary>The .pt that Ultralytics loads: its object tree, read by the tests' own unpickler.</summary>
public sealed class PtExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Architectures =>
    [
        "yolov3-tiny", "yolov3-spp", "yolov5n", "yolov6n", "yolov8n", "yolov8n-seg", "yolov8n-pose", "yolov8n-obb", "yolov8n-cls",
        "yolov8n-p2",
        "yolov9t", "yolov9c", "yolov9e", "yolov10n", "yolo11n", "yolo11n-seg", "yolo11n-pose", "yolo11n-obb", "yolo11n-cls", "yolo12n",
        "yolo12l",
        "yolo26n", "yolo26n-seg", "yolo26n-pose", "yolo26n-obb", "yolo26n-cls",
    ];

    /// <summary>
    /// Own attributes without which loading, a forward pass, folding or printing failed in the reference, by class; and where the class
    /// asks for parts by name, those. From the table of writer rules in the reference's description.
    /// </summary>
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["Conv2d"] =
            ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "output_padding", "padding_mode"],
        ["ConvTranspose2d"] =
            ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "output_padding", "padding_mode"],
        ["BatchNorm2d"] = ["num_features", "eps", "momentum", "affine", "track_running_stats"],
        ["SiLU"] = ["inplace"], ["ReLU"] = ["inplace"],
        ["MaxPool2d"] = ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"],
        ["Upsample"] = ["size", "scale_factor", "mode", "align_corners"],
        ["Linear"] = ["in_features", "out_features"], ["Dropout"] = ["p", "inplace"], ["AdaptiveAvgPool2d"] = ["output_size"],
        ["ZeroPad2d"] = ["padding", "value"],
        ["Bottleneck"] = ["add"], ["RepBottleneck"] = ["add"], ["CIB"] = ["add"], ["PSABlock"] = ["add"], ["C2PSA"] = ["c"],
        ["PSA"] = ["c"],
        ["SPPF"] = ["n", "add"], ["RepConv"] = ["bn"], ["Attention"] = ["num_heads", "head_dim", "key_dim", "scale"],
        ["AAttn"] = ["area", "num_heads", "head_dim"], ["A2C2f"] = [], ["CBLinear"] = ["c2s"], ["CBFuse"] = ["idx"], ["Concat"] = ["d"],
        ["DFL"] = ["c1"],
        ["Detect"] = ["nc", "nl", "reg_max", "stride"], ["v10Detect"] = ["nc", "nl", "reg_max", "stride"],
        ["Segment"] = ["nc", "nl", "reg_max", "stride", "nm", "cv2", "cv3", "proto", "cv4"],
        ["Segment26"] = ["nc", "nl", "reg_max", "stride", "nm", "cv2", "cv3", "proto", "cv4", "one2one_cv2", "one2one_cv3", "one2one_cv4"],
        ["Pose"] = ["nc", "nl", "reg_max", "stride", "kpt_shape", "nk", "cv2", "cv3", "cv4"],
        ["Pose26"] =
        [
            "nc", "nl", "reg_max", "stride", "kpt_shape", "nk", "cv2", "cv3", "cv4", "flow_model", "cv4_kpts", "cv4_sigma", "one2one_cv4",
            "one2one_cv4_kpts", "one2one_cv4_sigma",
        ],
        ["OBB"] = ["nc", "nl", "reg_max", "stride", "ne", "cv2", "cv3", "cv4"],
        ["OBB26"] = ["nc", "nl", "reg_max", "stride", "ne", "cv2", "cv3", "cv4", "one2one_cv2", "one2one_cv3", "one2one_cv4"],
        ["Classify"] = ["conv", "pool", "drop", "linear"], ["Proto"] = ["cv1", "upsample", "cv2", "cv3"],
        ["Proto26"] = ["cv1", "upsample", "cv2", "cv3", "feat_refine", "feat_fuse", "semseg"], ["RealNVP"] = ["loc", "cov", "mask", "s", "t"],
    };

    /// <summary>
    /// The module that each class of the tasks' heads comes from: a reader that executes a pickle imports it from there. Everything else
    /// comes from torch.nn, or from conv and block.
    /// </summary>
    private static readonly Dictionary<string, string> Places = new()
    {
        ["Detect"] = "ultralytics.nn.modules.head", ["v10Detect"] = "ultralytics.nn.modules.head", ["Segment"] = "ultralytics.nn.modules.head",
        ["Segment26"] = "ultralytics.nn.modules.head", ["Pose"] = "ultralytics.nn.modules.head", ["Pose26"] = "ultralytics.nn.modules.head",
        ["OBB"] = "ultralytics.nn.modules.head", ["OBB26"] = "ultralytics.nn.modules.head", ["Classify"] = "ultralytics.nn.modules.head",
        ["Proto"] = "ultralytics.nn.modules.block", ["Proto26"] = "ultralytics.nn.modules.block", ["RealNVP"] = "ultralytics.nn.modules.block",
        ["DFL"] = "ultralytics.nn.modules.block", ["Conv"] = "ultralytics.nn.modules.conv", ["DWConv"] = "ultralytics.nn.modules.conv",
        ["Concat"] = "ultralytics.nn.modules.conv", ["DetectionModel"] = "ultralytics.nn.tasks", ["SegmentationModel"] = "ultralytics.nn.tasks",
        ["PoseModel"] = "ultralytics.nn.tasks", ["OBBModel"] = "ultralytics.nn.tasks", ["ClassificationModel"] = "ultralytics.nn.tasks",
        ["Sequential"] = "torch.nn.modules.container", ["ModuleList"] = "torch.nn.modules.container", ["Conv2d"] = "torch.nn.modules.conv",
        ["ConvTranspose2d"] = "torch.nn.modules.conv", ["BatchNorm2d"] = "torch.nn.modules.batchnorm", ["SiLU"] = "torch.nn.modules.activation",
        ["ReLU"] = "torch.nn.modules.activation", ["Tanh"] = "torch.nn.modules.activation", ["Linear"] = "torch.nn.modules.linear",
        ["Identity"] = "torch.nn.modules.linear", ["Dropout"] = "torch.nn.modules.dropout", ["MaxPool2d"] = "torch.nn.modules.pooling",
        ["AdaptiveAvgPool2d"] = "torch.nn.modules.pooling", ["Upsample"] = "torch.nn.modules.upsampling",
        ["ZeroPad2d"] = "torch.nn.modules.padding",
    };

    [SkippableTheory]
    [InlineData("reference/models/ckpt/handwritten_full_v3tiny.pt")]
    [InlineData("reference/models/ckpt/handwritten_minimal_v3tiny.pt")]
    [InlineData("data/weights/yolo11n.pt")]
    public void The_tree_is_that_of_a_file_the_reference_loads(string file)
    {
        // Caches of the last image size, and the arguments, which are compared below.
        HashSet<string> aside = ["anchors", "strides", "shape", "args", "training"];
        PickledTree expected = new(Shared.Path(file));
        using YoloModel model = ModelImporter.Import(Shared.Path(file));
        ModelExporter.WritePt(model, folder.File("m.pt"), half: true);
        PickledTree found = new(folder.File("m.pt"));

        Assert.Equal(expected.Modules.Keys, found.Modules.Keys);
        foreach ((string path, PythonObject module) in expected.Modules)
        {
            Assert.Equal(module.ClassPath, found.Modules[path].ClassPath);
            Assert.Equal(module.Parameters.Keys, found.Modules[path].Parameters.Keys);
            Assert.Equal(module.Buffers.Keys, found.Modules[path].Buffers.Keys);
            Dictionary<string, string> own = found.Attributes(path);
            foreach ((string name, string value) in expected.Attributes(path))
            {
                if (aside.Contains(name)) continue;
                Assert.True(own.ContainsKey(name), $"{path} has no {name}");
                Assert.Equal($"{path}.{name} = {value}", $"{path}.{name} = {own[name]}");
            }
            Assert.Superset(Hooks(module), Hooks(found.Modules[path]));
        }
        Assert.Equal(expected.Tensors.Keys, found.Tensors.Keys);
        foreach ((string name, PythonTensor tensor) in expected.Tensors)
        {
            PythonTensor own = found.Tensors[name];
            Assert.Equal((name, tensor.StorageType, tensor.IsParameter, tensor.RequiresGrad),
                (name, own.StorageType, own.IsParameter, own.RequiresGrad));
            Assert.Equal(tensor.Shape, own.Shape);
            Assert.Equal(expected.Bytes(tensor), found.Bytes(own));
        }
        PythonDictionary arguments = (PythonDictionary)expected.Root["train_args"]!,
            ownArguments = (PythonDictionary)found.Root["train_args"]!;
        Assert.Equal(arguments["task"], ownArguments["task"]);
        Assert.Equal(arguments["imgsz"], ownArguments["imgsz"]);
        Assert.Equal(-1L, found.Root["epoch"]);
        Assert.Equal("3\n"u8.ToArray(), found.Records["version"]);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_family_and_task_has_what_the_reference_asks_for(string architecture)
    {
        ModelDefinition definition = ModelDefinition.Load(architecture);
        using YoloNetwork network = new(ModelPlan.Create(definition), new() { Initialise = false });
        using YoloModel model = new(network, [.. Enumerable.Range(0, network.ClassCount).Select(id => $"class {id}")]);
        ModelExporter.WritePt(model, folder.File("m.pt"), half: true);
        PickledTree tree = new(folder.File("m.pt"));

        foreach ((string path, PythonObject module) in tree.Modules)
        {
            string name = module.ClassPath[(module.ClassPath.LastIndexOf('.') + 1)..], place = module.ClassPath[..^(name.Length + 1)];
            if (Places.TryGetValue(name, out string? expected)) Assert.Equal($"{path}: {expected}", $"{path}: {place}");
            else Assert.True(place is "ultralytics.nn.modules.block" or "ultralytics.nn.modules.conv", $"{path} is a {module.ClassPath}");
            foreach (string attribute in Required.GetValueOrDefault(name, []))
            {
                bool isPart = module.Children.Keys.Concat(module.Parameters.Keys).Concat(module.Buffers.Keys).Contains(attribute);
                Assert.True(isPart || module.State.ContainsKey(attribute), $"{path} ({name}) has no {attribute}");
            }
            if (name == "A2C2f") Assert.True(module.Parameters.Keys.Contains("gamma") || module.State.ContainsKey("gamma"), path);
            if (name is "Conv" or "DWConv") Assert.Equal(["conv", "bn", "act"], module.Children.Keys);
            Assert.Superset(new HashSet<string> { "training", "_parameters", "_buffers", "_modules", "_backward_hooks", "_forward_hooks" },
                module.State.Keys.ToHashSet());
        }
        AssertLayers(tree, network);
        AssertModel(tree, model);
        AssertStorages(tree);

        using CheckpointContent content = CheckpointReader.Read(folder.File("m.pt"));
        Assert.Equal(network.StateItems.Select(item => item.Name), content.Items.Select(item => item.Name));
        Assert.Equal(tree.Tensors.Keys, content.Items.Select(item => item.Name));
    }

    private static void AssertLayers(PickledTree tree, YoloNetwork network)
    {
        for (int i = 0; i < network.Layers.Count; i++)
        {
            PythonObject layer = tree.Modules[$"model.{i}"];
            LayerPlan plan = network.Layers[i].Plan;
            Assert.Equal((long)i, layer.State["i"]);
            if (plan.FromIsList) Assert.Equal(plan.From.Select(from => (object)(long)from), (List<object?>)layer.State["f"]!);
            else Assert.Equal((long)plan.From[0], layer.State["f"]);
            Assert.Equal(network.Layers[i].Parameters, layer.State["np"]);
            Assert.EndsWith("." + plan.Type, (string)layer.State["type"]!, StringComparison.Ordinal);
        }
    }

    private static void AssertModel(PickledTree tree, YoloModel model)
    {
        PythonObject root = tree.Model;
        string task = model.Task.ReferenceName;
        string[] classes = ["DetectionModel", "SegmentationModel", "PoseModel", "OBBModel", "ClassificationModel"];
        string[] tasks = ["detect", "segment", "pose", "obb", "classify"];
        Assert.Equal("ultralytics.nn.tasks." + classes[Array.IndexOf(tasks, task)], root.ClassPath);
        Assert.Equal(task, root.State["task"]);
        Assert.Equal(task, ((PythonDictionary)tree.Root["train_args"]!)["task"]);
        Assert.Equal(model.Network.Plan.Save.Select(layer => (object)(long)layer), (List<object?>)root.State["save"]!);
        PythonDictionary names = (PythonDictionary)root.State["names"]!;
        Assert.Equal(Enumerable.Range(0, model.ClassCount).Select(id => (object)(long)id), names.Keys);
        Assert.Equal("torch.FloatStorage", ((PythonTensor)root.State["stride"]!).StorageType);
        PythonDictionary yaml = (PythonDictionary)root.State["yaml"]!;
        Assert.Superset(new HashSet<object> { "nc", "scale", "backbone", "head", "channels", "yaml_file" }, yaml.Keys.ToHashSet());
        Assert.Equal((long)model.ClassCount, yaml["nc"]);
        Assert.Equal(model.Task.Name == "Classify", root.State.ContainsKey("transforms"));
        Assert.Equal(model.Task.Name == "Pose", root.State.ContainsKey("kpt_shape"));
        if (model.Task.Name == "Pose")
        {
            PythonObject head = tree.Modules.Values.Single(module => module.ClassPath.StartsWith("ultralytics.nn.modules.head.", StringComparison.Ordinal));
            Assert.Equal((List<object?>)head.State["kpt_shape"]!, (List<object?>)root.State["kpt_shape"]!);
            Assert.Equal((List<object?>)head.State["kpt_shape"]!, (List<object?>)yaml["kpt_shape"]!);
        }
    }

    /// <summary>Each tensor has a record of its own, as long as its elements: training on one must not change another.</summary>
    private static void AssertStorages(PickledTree tree)
    {
        Dictionary<string, int> sizes = new() { ["torch.HalfStorage"] = 2, ["torch.FloatStorage"] = 4, ["torch.LongStorage"] = 8 };
        Assert.Equal(tree.Tensors.Count, tree.Tensors.Values.Select(tensor => tensor.Storage).Distinct().Count());
        foreach ((string name, PythonTensor tensor) in tree.Tensors)
        {
            long count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
            Assert.Equal((name, count, 0L), (name, tensor.StorageCount, tensor.Offset));
            Assert.Equal(count * sizes[tensor.StorageType], tree.Bytes(tensor).Length);
            Assert.Equal(name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? "torch.LongStorage" : "torch.HalfStorage",
                tensor.StorageType);
        }
    }

    private static HashSet<string> Hooks(PythonObject module) => [.. module.State.Keys.Where(key => key.StartsWith('_'))];
}
