using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Files.Inspection;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;

namespace YoloTune.Tests.Files;

/// <summary>Models that were saved after they had predicted: BatchNorm folded, bound methods in the pickle.</summary>
public sealed class FusedCheckpointTests : IDisposable
{
    private static readonly string[] Names = ["a", "b", "c"];
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly IDisposable untracked = torch.no_grad();

    public void Dispose()
    {
        untracked.Dispose();
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>
    /// One of each kind that folds: Conv; RepConv; RepVGGDW and an end-to-end head; one without a plain branch; a classifier.
    /// </summary>
    [Theory]
    [InlineData("yolo11n")]
    [InlineData("yolov9t")]
    [InlineData("yolov10n")]
    [InlineData("yolo26n")]
    [InlineData("yolo11n-seg")]
    [InlineData("yolo11n-cls")]
    public void A_fused_state_dict_predicts_what_the_fused_model_did(string name)
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load(name), Names);
        Disturb(model);
        model.Network.eval();
        using YoloNetwork fused = model.Network.Fuse();
        StateDictFile.Write(folder.File("fused.pt"), fused.StateItems.Select(item => KeyValuePair.Create(item.Name, item.Tensor)));

        List<string> remarks = [];
        using YoloModel back = ModelImporter.Import(folder.File("fused.pt"), ModelDefinition.Load(name), Names, remarks.Add);

        back.Network.eval();
        using torch.Generator generator = new(3);
        torch.Tensor image = torch.rand([1, 3, 64, 64], generator: generator);
        torch.Tensor expected = fused.Decode(fused.forward(image)), found = back.Network.Decode(back.Network.forward(image));
        // Folding again changes the order of float32 operations: the tolerance of a forward pass.
        Assert.True((found - expected).abs().max().ToDouble() <= 1e-4 * (1 + expected.abs().max().ToDouble()));
        Assert.Contains("predict()", Assert.Single(remarks));
        Assert.All(back.Items, item => Assert.Equal(Origin.Transferred, item.Origin));
    }

    [Fact]
    public void A_fused_file_is_a_source_whose_biases_arrive()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Names);
        Disturb(model);
        using YoloNetwork fused = model.Network.Fuse();
        StateDictFile.Write(folder.File("fused.pt"), fused.StateItems.Select(item => KeyValuePair.Create(item.Name, item.Tensor)));
        TransferSource source = ModelImporter.ReadSource(folder.File("fused.pt"));
        using YoloModel target = YoloModel.Create(ModelDefinition.Load("yolo11n"), Names, seed: 1);
        TransferReport report = TransferPlanner.Create(target, source, new TransferOptions()).Execute(target);
        Assert.Equal(report.Total, report.Transferred);
        torch.Tensor bias = fused.StateItems.Single(item => item.Name == "model.0.conv.bias").Tensor;
        Assert.True(target.Item("model.0.bn.bias").Tensor.equal(bias).all().ToBoolean());
        Assert.Single(source.Remarks);
    }

    [SkippableFact]
    public void A_model_pickled_with_bound_methods_is_read()
    {
        string path = Shared.Path("cases/fused-checkpoint/fused.pt");
        using YoloModel model = ModelImporter.Import(path);
        Assert.Equal("yolo11n", model.Name);
        Assert.Equal(CheckpointVerdict.Safe, CheckpointInspector.Inspect(path).Verdict);
    }

    [Fact]
    public void Getattr_names_a_method_of_an_object_of_the_file()
    {
        byte[] pickle = Object().Op(PickleOpcode.BINPUT).Byte(1).Global("builtins", "getattr").Op(PickleOpcode.BINGET).Byte(1)
            .Text("forward_fuse").Op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE).End();
        PickleObject method = Assert.IsType<PickleObject>(PickleReader.Read(pickle));
        Assert.Equal("forward_fuse", method.Arguments[1]);
    }

    public static TheoryData<string, byte[]> Misuses() => new()
    {
        { "of a module", Getattr().Global("numpy", "ndarray").Text("tofile").Op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE).End() },
        { "of Python's machinery", Getattr().Raw(Body(Object())).Text("__class__").Op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE).End() },
        { "of its own result", Getattr().Global("builtins", "getattr").Raw(Body(Object())).Text("a").Op(PickleOpcode.TUPLE2,
            PickleOpcode.REDUCE)
            .Text("b").Op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE).End() },
        { "called", Getattr().Raw(Body(Object())).Text("run").Op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE, PickleOpcode.EMPTY_TUPLE,
            PickleOpcode.REDUCE).End() },
        { "handed on", new PickleBuilder().Global("torch.nn", "Module").Global("builtins", "getattr").Op(PickleOpcode.TUPLE1,
            PickleOpcode.REDUCE).End() },
        { "kept", new PickleBuilder().Op(PickleOpcode.EMPTY_LIST).Global("__builtin__", "getattr").Op(PickleOpcode.APPEND).End() },
        { "in a marked list", new PickleBuilder().Op(PickleOpcode.MARK).Global("builtins", "getattr").Op(PickleOpcode.LIST).End() },
        { "the whole file", Getattr().End() },
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public void Getattr_is_refused_where_it_is(string use, byte[] pickle)
    {
        Assert.NotEmpty(use);
        Assert.Contains("would run code", Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle)).Message);
        PickleReport report = new();
        PickleReader.Read(pickle, report: report);
        Assert.False(report.IsSafe);
    }

    private static PickleBuilder Object() =>
        new PickleBuilder().Global("ultralytics.nn.modules.conv", "Conv").Op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.NEWOBJ);

    private static PickleBuilder Getattr() => new PickleBuilder().Global("builtins", "getattr");

    /// <summary>A pickle without PROTO and STOP.</summary>
    private static byte[] Body(PickleBuilder builder) => builder.End()[2..^1];

    /// <summary>Fresh normalisations do nothing, and so would hide a mistake in folding.</summary>
    private static void Disturb(YoloModel model)
    {
        using torch.Generator generator = new(5);
        foreach ((_, BatchNorm2d norm) in model.BatchNorms)
        {
            long[] shape = [norm.Features];
            norm.Gain.copy_(torch.rand(shape, generator: generator) + 0.5);
            norm.Bias.copy_(torch.rand(shape, generator: generator) - 0.5);
            norm.RunningMean.copy_(torch.rand(shape, generator: generator) - 0.5);
            norm.RunningVariance.copy_(torch.rand(shape, generator: generator) + 0.5);
        }
    }
}
