using Xunit;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Files.Inspection;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Files;

/// <summary>The row of pickles that torch.save wrote before 1.6, and writes today when it is asked to.</summary>
public sealed class LegacyCheckpointTests : IDisposable
{
    private static readonly byte[] Magic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
    private static readonly byte[] FourFloats = [.. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Any_pickle_protocol_is_read(int protocol)
    {
        byte[] state = new PickleBuilder(protocol).Op(PickleOpcode.EMPTY_DICT).Text("w").Tensor([4], [1]).Op(PickleOpcode.SETITEM).End();
        using CheckpointContent content = CheckpointReader.Read(folder.File("old.pt", File(protocol, state)));
        Assert.Equal([1f, 2, 3, 4], content.Items[0].Tensor.data<float>().ToArray());
        Assert.Equal(CheckpointFormat.TorchLegacy, CheckpointInspector.Inspect(folder.File("old.pt")).Format);
    }

    [Fact]
    public void Whole_models_are_read_whose_classes_come_with_their_source()
    {
        PickleBuilder Class(PickleBuilder builder, string module, string name) =>
            builder.Op(PickleOpcode.MARK).Text("module").Global(module, name)
            .Text("/home/me/models/yolo.py").Text("class Model: ...").Op(PickleOpcode.TUPLE, PickleOpcode.BINPERSID);
        PickleBuilder model = Class(new PickleBuilder(), "models.common", "Conv")
            .Op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.NEWOBJ, PickleOpcode.EMPTY_DICT)
            .Text("_modules").Op(PickleOpcode.EMPTY_DICT, PickleOpcode.SETITEM)
            .Text("_parameters")
            .Op(PickleOpcode.EMPTY_DICT).Text("w").Tensor([4], [1]).Op(PickleOpcode.SETITEM, PickleOpcode.SETITEM, PickleOpcode.BUILD);
        using CheckpointContent content = CheckpointReader.Read(folder.File("whole.pt", File(2, model.End())));
        Assert.Equal("Conv", content.ModelClass);
        Assert.Equal("w", Assert.Single(content.Items).Name);
    }

    [Fact]
    public void Storages_that_are_parts_of_others_are_read()
    {
        PickleBuilder state = new PickleBuilder()
            .Op(PickleOpcode.EMPTY_DICT).Text("w").Global("torch._utils", "_rebuild_tensor").Op(PickleOpcode.MARK)
            .Op(PickleOpcode.MARK).Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(4)
            .Op(PickleOpcode.MARK).Text("7").Int(1).Int(3).Op(PickleOpcode.TUPLE, PickleOpcode.TUPLE, PickleOpcode.BINPERSID)
            .Int(1).Int(2)
            .Op(PickleOpcode.TUPLE1).Int(1).Op(PickleOpcode.TUPLE1, PickleOpcode.TUPLE, PickleOpcode.REDUCE, PickleOpcode.SETITEM);
        using CheckpointContent content = CheckpointReader.Read(folder.File("part.pt", File(2, state.End())));
        Assert.Equal([3f, 4], content.Items[0].Tensor.data<float>().ToArray());
    }

    [Fact]
    public void The_tar_archive_of_torch_0_1_is_read()
    {
        byte[] storages =
        [
            .. new PickleBuilder().Int(1).End(), .. new PickleBuilder().Int(11).Text("cpu").Global("torch",
                "FloatStorage").Op(PickleOpcode.TUPLE3).End(),
            .. BitConverter.GetBytes(4L), .. FourFloats,
            .. new PickleBuilder()
            .Op(PickleOpcode.EMPTY_LIST, PickleOpcode.MARK).Int(12).Int(11).Int(1).Int(3).Op(PickleOpcode.TUPLE, PickleOpcode.APPEND).End(),
        ];
        byte[] Tensor(long key, long storage, long size, long offset) =>
        [
            .. new PickleBuilder().Int(key).Int(storage).Global("torch", "FloatTensor").Op(PickleOpcode.TUPLE3).End(),
            .. new[] { 1, size, 1, offset }.SelectMany(BitConverter.GetBytes),
        ];
        byte[] tensors = [.. new PickleBuilder().Int(2).End(), .. Tensor(21, 11, 4, 0), .. Tensor(22, 12, 2, 1)];
        byte[] pickle = new PickleBuilder()
            .Op(PickleOpcode.EMPTY_DICT).Text("w").Text("21").Op(PickleOpcode.BINPERSID, PickleOpcode.SETITEM)
            .Text("v").Text("22").Op(PickleOpcode.BINPERSID, PickleOpcode.SETITEM).End();

        using CheckpointContent content =
            CheckpointReader.Read(folder.File("tar.pt", Tar(("storages", storages), ("tensors", tensors), ("pickle", pickle))));

        Assert.Equal([1f, 2, 3, 4], content.Items[0].Tensor.data<float>().ToArray());
        Assert.Equal([3f, 4], content.Items[1].Tensor.data<float>().ToArray());
        Assert.Equal(2, CheckpointInspector.Inspect(folder.File("tar.pt")).Tensors.Count);
        Assert.Throws<ModelFormatException>(() =>
            CheckpointReader.Read(folder.File("cut.pt", Tar(("storages", storages[..^60]), ("tensors", tensors), ("pickle", pickle)))));
        Assert.Contains("holds no 'tensors'", Assert.Throws<ModelFormatException>(() =>
            CheckpointReader.Read(folder.File("part.pt", Tar(("storages", storages), ("pickle", pickle))))).Message);
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using MemoryStream stream = new();
        using (System.Formats.Tar.TarWriter tar = new(stream, System.Formats.Tar.TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
                tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile,
                    name) { DataStream = new MemoryStream(content) });
        }
        return stream.ToArray();
    }

    [SkippableFact]
    public void A_state_dict_of_protocol_4_becomes_a_model()
    {
        using YoloModel model = ModelImporter.Import(
            Shared.Path("cases/legacy-whole-model/legacy_p4.pt"), ModelDefinition.Load("yolo11n"));
        Assert.Equal(80, model.ClassCount);
    }

    private static byte[] File(int protocol, byte[] state)
    {
        byte[] Pickle(params byte[] body) => protocol < 4
            ? [(byte)PickleOpcode.PROTO, (byte)protocol, .. body, (byte)PickleOpcode.STOP]
            : [(byte)PickleOpcode.PROTO, (byte)protocol, (byte)PickleOpcode.FRAME, .. BitConverter.GetBytes(body.Length + 1L), .. body,
                (byte)PickleOpcode.STOP];
        return
        [
            .. Pickle(Magic), .. new PickleBuilder(protocol).Int(1001).End(),
            .. new PickleBuilder(protocol)
            .Op(PickleOpcode.EMPTY_DICT).Text("little_endian").Op(PickleOpcode.NEWTRUE, PickleOpcode.SETITEM).End(),
            .. state, .. new PickleBuilder(protocol).Op(PickleOpcode.EMPTY_LIST).Text("0").Op(PickleOpcode.APPEND).End(),
            .. BitConverter.GetBytes(4L), .. FourFloats,
        ];
    }
}
