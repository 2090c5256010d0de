using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Files;

/// <summary>Weights as other programs write them: with prefixes, without counters, with another head.</summary>
public sealed class ForeignCheckpointTests : IDisposable
{
    private static readonly string[] Names = ["a", "b"];
    private readonly TemporaryFolder folder = new();
    private readonly YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Names);
    private readonly List<string> remarks = [];

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    private string Write(string file, Func<string, string?> rename, IEnumerable<KeyValuePair<string, torch.Tensor>>? more = null)
    {
        var items = model.Items.Select(item => (Name: rename(item.Name), item.Tensor)).Where(item => item.Name is not null)
            .Select(item => KeyValuePair.Create(item.Name!, item.Tensor)).Concat(more ?? []);
        string path = folder.File(file);
        if (file.EndsWith(".pt", StringComparison.Ordinal)) StateDictFile.Write(path, items);
        else SafeTensorsFile.Write(path, items);
        return path;
    }

    private YoloModel Read(string path) => ModelImporter.Import(path, ModelDefinition.Load("yolo11n"), null, remarks.Add);

    [Theory]
    [InlineData("module.", "x.safetensors")]
    [InlineData("module.", "x.pt")]
    [InlineData("model.", "x.pt")]
    [InlineData("_orig_mod.", "x.pt")]
    [InlineData("module._orig_mod.", "x.safetensors")]
    [InlineData("ema.module.", "x.pt")]
    public void A_prefix_is_left_out_and_told(string prefix, string file)
    {
        using YoloModel back = Read(Write(file, name => prefix + name));
        Assert.True(back.Item("model.0.conv.weight").Tensor.equal(model.Item("model.0.conv.weight").Tensor).all().ToBoolean());
        Assert.Contains($"'{prefix}'", Assert.Single(remarks));
    }

    [Fact]
    public void The_layers_alone_are_read()
    {
        using YoloModel back = Read(Write("x.pt", name => name["model.".Length..]));
        Assert.Equal(2, back.ClassCount);
        Assert.Contains("begin with the layer's number", Assert.Single(remarks));
    }

    [Fact]
    public void A_prefix_is_found_among_other_tensors()
    {
        using torch.Tensor other = torch.ones(3);
        using YoloModel back =
            Read(Write("x.pt", name => "net.model." + name["model.".Length..], [new("loss.weights", other), new("epoch", other)]));
        Assert.Equal(2, back.ClassCount);
    }

    [Fact]
    public void Plain_names_stay_what_they_are()
    {
        using torch.Tensor other = torch.ones(3);
        using YoloModel back = Read(Write("x.pt", name => name,
            [.. model.Items.Select(item => KeyValuePair.Create("teacher." + item.Name, item.Tensor)),
                new("teacher.model.99.weight", other)]));
        Assert.Empty(remarks);
    }

    [Fact]
    public void Names_of_another_network_stay_what_they_are()
    {
        using torch.Tensor weight = torch.ones(4, 3, 3, 3);
        StateDictFile.Write(folder.File("vgg.pt"), [new("features.0.weight", weight), new("features.2.weight", weight)]);
        using CheckpointContent content = CheckpointReader.Read(folder.File("vgg.pt"));
        Assert.Equal(["features.0.weight", "features.2.weight"], content.Items.Select(item => item.Name));
        Assert.Empty(content.Remarks);
    }

    [Theory]
    [InlineData("x.safetensors")]
    [InlineData("x.pt")]
    public void Files_without_counters_are_read(string file)
    {
        using YoloModel back = Read(Write(file, name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? null : name));
        Assert.Equal(0, back.Item("model.0.bn.num_batches_tracked").Tensor.ToInt64());
    }

    [Fact]
    public void A_wrapped_module_tree_is_unwrapped()
    {
        string path = folder.File("plain.pt");
        ModelExporter.WritePt(model, path);
        using TorchArchive archive = TorchArchive.Open(path);
        TorchArchiveWriter writer = new();
        PickleObject inner = (PickleObject)((PickleDictionary)archive.Root!).Get<PickleObject>("model")!;
        object Copied(object? value) => Copy(value, archive, writer)!;
        PickleDictionary children = new() { IsOrderedDict = true }, state = [], root = [];
        children.Set("module", Copied(inner));
        state.Set("_modules", children);
        state.Set("device_ids", new PickleList());
        root.Set("model", new PickleObject(new("torch.nn.parallel.data_parallel", "DataParallel"), PickleTuple.Empty) { State = state });
        writer.Write(folder.File("wrapped.pt"), root);
        using YoloModel back = ModelImporter.Import(folder.File("wrapped.pt"), remark: remarks.Add);
        Assert.Equal(("yolo11n", 2), (back.Name, back.ClassCount));
    }

    /// <summary>A value of one archive for another: tensors are read and added.</summary>
    private static object? Copy(object? value, TorchArchive archive, TorchArchiveWriter writer)
    {
        switch (value)
        {
            case PickleTensor tensor: return writer.Add(archive.ReadTensor(tensor, "t"), tensor.IsParameter);
            case PickleDictionary dictionary:
                PickleDictionary copy = new() { IsOrderedDict = dictionary.IsOrderedDict };
                foreach ((object key, object? item) in dictionary) copy.Set(key, Copy(item, archive, writer));
                return copy;
            case PickleObject instance: return new PickleObject(instance.Type,
                instance.Arguments) { State = Copy(instance.State, archive, writer) };
            default: return value;
        }
    }

    [Fact]
    public void A_yolov5_state_dict_becomes_its_anchor_free_twin()
    {
        using YoloModel twin = YoloModel.Create(ModelDefinition.Load("yolov5n"), Names);
        long[] widths = [64, 128, 256];
        var head = widths.Select((width, i) => KeyValuePair.Create($"model.24.m.{i}.weight", torch.zeros([3 * (2 + 5), width, 1, 1])));
        StateDictFile.Write(folder.File("v5.pt"), twin.Items.Where(item =>
            item.Layer < 24).Select(item => KeyValuePair.Create(item.Name, item.Tensor)).Concat(head));

        using YoloModel named = ModelImporter.Import(folder.File("v5.pt"), ModelDefinition.Load("yolov5n"));
        Assert.Equal((342, 427), (named.Transfer!.Transferred, named.Transfer.Total));
        Assert.Equal(2, named.ClassCount);
        using YoloModel unnamed = ModelImporter.Import(folder.File("v5.pt"));
        Assert.Equal("yolov5n", unnamed.Name);
        Assert.True(ModelImporter.ReadSource(folder.File("v5.pt")).IsAnchorBased);
    }

    [Fact]
    public void A_transfer_of_nothing_says_why()
    {
        using torch.Tensor weight = torch.ones(4, 3, 3, 3);
        StateDictFile.Write(folder.File("vgg.pt"), [new("features.0.weight", weight)]);
        TransferReport report = TransferPlanner.Create(model, ModelImporter.ReadSource(folder.File("vgg.pt")), new TransferOptions())
            .Preview();
        Assert.Contains("features.0.weight", report.Warning);
        using YoloModel other = YoloModel.Create(ModelDefinition.Load("yolov8m"), Names);
        Assert.Null(TransferPlanner.Create(other, TransferSource.FromModel(model), new TransferOptions()).Preview().Warning);
    }

    [Fact]
    public void The_state_of_a_run_is_named_as_what_it_is()
    {
        using torch.Tensor weight = torch.ones(3);
        SafeTensorsFile.Write(
            folder.File("resume.safetensors"), [new("model/model.0.conv.weight", weight), new("average/model.0.conv.weight", weight)]);
        string message = Assert.Throws<ModelFormatException>(() => Read(folder.File("resume.safetensors"))).Message;
        Assert.Contains("Resume-YoloTraining", message);
        Assert.Contains("last.pt", message);
    }

    [Theory]
    [InlineData("x.onnx", "Measure-YoloModel")]
    [InlineData("x.engine", ".onnx")]
    [InlineData("x.yaml", "New-YoloModel")]
    public void Files_of_other_programs_are_named(string file, string remedy)
    {
        ModelFormatException error =
            Assert.Throws<ModelFormatException>(() => Read(folder.File(file, [8, 8, 18, 4, 1, 2, 3, 4, 5, 6, 7, 8])));
        Assert.Contains(remedy, error.Remedy);
    }
}
