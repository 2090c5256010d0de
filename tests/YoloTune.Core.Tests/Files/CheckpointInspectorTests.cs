using System.Text;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Inspection;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Tests.Export;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Files;

public sealed class CheckpointInspectorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CheckpointReport Inspect(byte[] file, string name = "file.pt") => CheckpointInspector.Inspect(folder.File(name, file));

    private static PickleBuilder Hostile() => new PickleBuilder().Op(EMPTY_DICT).Text("x").Call("os", "system", "echo hacked").Op(SETITEM)
        .Text("w").Tensor([2, 2], [2, 1]).Op(SETITEM);

    [Fact]
    public void A_state_dict_is_safe_and_its_tensors_have_names()
    {
        CheckpointReport report = Inspect(ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([2, 2], [2, 1]), new byte[16]));
        Assert.Equal(CheckpointVerdict.Safe, report.Verdict);
        Assert.Equal(CheckpointFormat.TorchZip, report.Format);
        CheckpointTensor tensor = Assert.Single(report.Tensors);
        Assert.Equal(("w", "float32", 4L), (tensor.Name, tensor.Type, tensor.Elements));
        Assert.Contains(report.Globals, global => global.Name == "torch._utils._rebuild_tensor_v2" && !global.IsDangerous);
        Assert.Equal(1, report.Opcodes["STOP"]);
        Assert.Contains("a/data.pkl", report.Records);
    }

    [Fact]
    public void A_file_that_would_run_code_is_a_report_and_keeps_its_tensors()
    {
        CheckpointReport report = Inspect(ArchiveBuilder.Torch(Hostile().End(), new byte[16]));
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
        Assert.Equal(["GLOBAL", "REDUCE"], report.Findings.Select(finding => finding.Kind));
        Assert.All(report.Findings, finding => Assert.Equal("os.system", finding.Name));
        Assert.StartsWith("data.pkl, byte ", report.Findings[0].Position);
        Assert.True(report.Globals.Single(global => global.Name == "os.system").IsDangerous);
        Assert.Equal("w", Assert.Single(report.Tensors).Name);
    }

    [Fact]
    public void What_stands_before_the_damage_is_found()
    {
        byte[] broken = Hostile().Op((PickleOpcode)0xff).End();
        CheckpointReport report = Inspect(ArchiveBuilder.Torch(broken, new byte[16]));
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
        Assert.Contains("0xff is not a pickle opcode", report.Problem);
        Assert.Equal("", Assert.Single(report.Tensors).Name);
    }

    [Fact]
    public void A_damaged_file_without_findings_is_unreadable_and_not_safe()
    {
        byte[] whole = ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([2, 2], [2, 1]), new byte[16]);
        CheckpointReport report = Inspect(whole[..^30]);
        Assert.Equal(CheckpointVerdict.Unreadable, report.Verdict);
        Assert.NotNull(report.Problem);
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'echo hacked'\ntR.", "REDUCE")]
    [InlineData("(S'echo hacked'\nios\nsystem\n.", "INST")]
    [InlineData("(cos\nsystem\nS'echo hacked'\no.", "OBJ")]
    [InlineData("\u0080\u0002\u0082\u0005.", "EXT1")]
    [InlineData("I1\nL2L\nF0.5\nVtext\nPid\ncbuiltins\neval\n.", "GLOBAL")]
    public void A_pickle_without_a_frame_and_of_any_protocol_is_seen_through(string pickle, string opcode)
    {
        CheckpointReport report = Inspect(Encoding.Latin1.GetBytes(pickle));
        Assert.Equal(CheckpointFormat.Pickle, report.Format);
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
        Assert.Contains(report.Findings, finding => finding.Kind == opcode);
        Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(report.Path));
    }

    [Fact]
    public void Every_pickle_of_the_old_format_is_looked_at()
    {
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] protocol = new PickleBuilder().Op(BININT2).Raw([0xe9, 3]).End();
        byte[] system = new PickleBuilder().Op(EMPTY_DICT).Text("x").Call("os", "system", "echo hacked").Op(SETITEM).End();
        byte[] model = new PickleBuilder().Op(EMPTY_DICT).End(), keys = new PickleBuilder().Op(EMPTY_LIST).End();
        CheckpointReport report = Inspect([.. magic, .. protocol, .. system, .. model, .. keys]);
        Assert.Equal(CheckpointFormat.TorchLegacy, report.Format);
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
    }

    [Fact]
    public void Values_that_contain_themselves_are_walked_once()
    {
        byte[] pickle = new PickleBuilder().Op(EMPTY_LIST).Op(BINPUT).Byte(1).Op(BINGET).Byte(1).Op(APPEND)
            .Tensor([4], [1]).Op(APPEND).End();
        CheckpointReport report = Inspect(ArchiveBuilder.Torch(pickle, new byte[16]));
        Assert.Equal("1", Assert.Single(report.Tensors).Name);
    }

    [Fact]
    public void Findings_are_counted_up_to_a_limit()
    {
        PickleBuilder builder = new();
        for (int i = 0; i < 20_000; i++) builder.Global("os", "system");
        CheckpointReport report = Inspect(ArchiveBuilder.Torch(builder.End()));
        Assert.Equal(10_000, report.Findings.Count);
        Assert.Equal(20_000, report.Globals.Single().Count);
    }

    [Fact]
    public void A_safetensors_file_is_listed_by_its_header()
    {
        using torch.Tensor tensor = torch.ones(2, 3);
        SafeTensorsFile.Write(folder.File("a.safetensors"), [KeyValuePair.Create("a", tensor)], [KeyValuePair.Create("k", "v")]);
        CheckpointReport report = CheckpointInspector.Inspect(folder.File("a.safetensors"));
        Assert.Equal((CheckpointFormat.SafeTensors, CheckpointVerdict.Safe), (report.Format, report.Verdict));
        Assert.Equal([2L, 3], Assert.Single(report.Tensors).Shape);
        Assert.Equal("v", report.Metadata["k"]);
        byte[] cut = File.ReadAllBytes(folder.File("a.safetensors"))[..^4];
        Assert.Equal(CheckpointVerdict.Unreadable, Inspect(cut, "b.safetensors").Verdict);
    }

    [Fact]
    public void An_onnx_file_is_listed_without_the_runtime()
    {
        using YoloModel model = Training.Run.TinyRun.Model();
        string path = folder.File("m.onnx");
        YoloTune.Export.OnnxExporter.Write(model, path);
        CheckpointReport report = CheckpointInspector.Inspect(path);
        OnnxFileView view = new(File.ReadAllBytes(path));
        Assert.Equal((CheckpointFormat.Onnx, CheckpointVerdict.Safe), (report.Format, report.Verdict));
        Assert.Equal(view.Nodes.Count, report.Globals.Sum(global => global.Count));
        Assert.Equal(view.Initializers.Select(item =>
            item.Name), report.Tensors.Select(tensor => tensor.Name).Take(view.Initializers.Count));
        Assert.Equal(view.Metadata, report.Metadata);
    }

    [Fact]
    public void Values_outside_an_onnx_file_and_foreign_operators_are_findings()
    {
        byte[] location = [.. Field(1, "location"u8), .. Field(2, "../../secret.bin"u8)];
        byte[] tensor = [8, 4, 16, 1, .. Field(8, "weight"u8), .. Field(13, location)];
        byte[] node = [.. Field(3, "node"u8), .. Field(4, "Run"u8), .. Field(7, "evil.ops"u8)];
        CheckpointReport report = Inspect([8, 9, .. Field(7, [.. Field(1, node), .. Field(5, tensor)])], "bad.onnx");
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
        Assert.Equal(["evil.ops.Run", "../../secret.bin"], report.Findings.Select(finding => finding.Name));
        Assert.Equal([4L], Assert.Single(report.Tensors).Shape);
    }

    [Fact]
    public void A_file_of_another_kind_is_an_error()
    {
        Assert.Contains("web page", Assert.Throws<ModelFormatException>(() => Inspect("<!DOCTYPE html>"u8.ToArray())).Message);
        Assert.Contains("empty", Assert.Throws<ModelFormatException>(() => Inspect([])).Message);
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)(number << 3 | 2), (byte)content.Length, .. content];
}
