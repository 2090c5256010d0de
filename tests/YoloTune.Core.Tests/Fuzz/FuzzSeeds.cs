using TorchSharp;
using YoloTune.Export;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Models;
using YoloTune.Tests.Files;
using YoloTune.Tests.Data;
using YoloTune.Tests.Training.Run;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Fuzz;

/// <summary>Good files to begin with, small, and of every shape that readers tell apart.</summary>
internal static class FuzzSeeds
{
    /// <summary>Pickles: a module tree with settings, a state dict, and one that would run code.</summary>
    public static IEnumerable<byte[]> Pickles()
    {
        yield return ModulePickle();
        yield return ArchiveBuilder.OneTensor([2, 2], [2, 1]);
        yield return new PickleBuilder(4).Op(EMPTY_DICT).Op(MEMOIZE).Op(MARK).Text("a").Op(EMPTY_LIST).Op(MARK).Int(1).Int(2).Op(APPENDS)
            .Text("b").Op(MARK)
            .Text("c").Op(FROZENSET).Text("d").Op(BINBYTES8).Raw(BitConverter.GetBytes(3L)).Raw("xyz"u8).Op(SETITEMS).End();
        yield return new PickleBuilder().Op(EMPTY_DICT).Text("x").Call("os", "system", "echo hacked").Op(SETITEM).End();
        yield return "(S'echo hacked'\nios\nsystem\n."u8.ToArray();
    }

    /// <summary>Files of torch.save, new and old, and a model of our own.</summary>
    public static IEnumerable<byte[]> Archives()
    {
        foreach (byte[] pickle in Pickles()) yield return ArchiveBuilder.Torch(pickle, new byte[64]);
        yield return Legacy();
        yield return ArchiveBuilder.Zip(("a/data.pkl", ArchiveBuilder.OneTensor([4], [1])), ("a/data/0", new byte[16]),
            ("a/byteorder", "little"u8.ToArray()),
            ("a/yolotune.json", """{"yolotune":"1","task":"detect","names":"[\"a\"]"}"""u8.ToArray()));
    }

    public static IEnumerable<byte[]> SafeTensors()
    {
        using TemporaryFolder folder = new();
        using torch.Tensor tensor = torch.ones(2, 3);
        SafeTensorsFile.Write(
            folder.File("a"), [KeyValuePair.Create("a", tensor), KeyValuePair.Create("b", tensor)], [KeyValuePair.Create("k", "v")]);
        yield return File.ReadAllBytes(folder.File("a"));
        SafeTensorsFile.Write(folder.File("b"), [KeyValuePair.Create("a", tensor)]);
        yield return File.ReadAllBytes(folder.File("b"));
    }

    /// <summary>A whole model in each format it can be imported from.</summary>
    public static IEnumerable<byte[]> Models()
    {
        using TemporaryFolder folder = new();
        using YoloModel model = TinyRun.Model();
        ModelExporter.WritePt(model, folder.File("a.pt"));
        yield return File.ReadAllBytes(folder.File("a.pt"));
        ModelExporter.WriteStateDict(model, folder.File("b.pt"));
        yield return File.ReadAllBytes(folder.File("b.pt"));
        ModelExporter.WriteSafeTensors(model, folder.File("c.safetensors"));
        yield return File.ReadAllBytes(folder.File("c.safetensors"));
    }

    public static IEnumerable<byte[]> Onnx()
    {
        using TemporaryFolder folder = new();
        using YoloModel model = TinyRun.Model();
        OnnxExporter.Write(model, folder.File("a.onnx"), new() { Height = 64, Width = 64 });
        yield return File.ReadAllBytes(folder.File("a.onnx"));
    }

    /// <summary>One image of each format that is written here, and one with an EXIF orientation.</summary>
    public static IEnumerable<byte[]> Images()
    {
        using TestFiles files = new();
        foreach (string name in (string[])["a.png", "a.jpg", "a.webp"]) yield return File.ReadAllBytes(files.Image(name, 12, 20));
        yield return File.ReadAllBytes(files.Exif("b.jpg", 6, 12, 20));
        yield return Bitmap();
        yield return Convert.FromBase64String("R0lGODlhAgACAIAAAP8AAAAA/ywAAAAAAgACAAACAkQBADs=");
    }

    /// <summary>The old format: magic, protocol, system, object and keys, each a pickle, then the storages.</summary>
    private static byte[] Legacy()
    {
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] protocol = new PickleBuilder().Op(BININT2).Raw([0xe9, 3]).End();
        byte[] system = new PickleBuilder().Op(EMPTY_DICT).Text("little_endian").Op(NEWTRUE, SETITEM).End();
        byte[] keys = new PickleBuilder().Op(EMPTY_LIST).Text("0").Op(APPEND).End();
        return [.. magic, .. protocol, .. system, .. ArchiveBuilder.OneTensor([2, 2], [2, 1]), .. keys, .. BitConverter.GetBytes(4L),
            .. new byte[16]];
    }

    /// <summary>A module of one child, with the attributes that are taken over.</summary>
    private static byte[] ModulePickle()
    {
        PickleStorage storage = new(new("torch", "FloatStorage"), "0", "cpu", 16);
        PickleDictionary parameters = new() { IsOrderedDict = true };
        parameters.Set("weight", new PickleTensor(storage, 0, [4, 4], [4, 1], true, true));
        PickleDictionary state = [], inner = [], names = [], children = new() { IsOrderedDict = true }, root = [];
        names.Set(0L, "cell");
        state.Set("_parameters", parameters);
        state.Set("_buffers", new PickleDictionary { IsOrderedDict = true });
        state.Set("_non_persistent_buffers_set", new PickleList { IsSet = true });
        state.Set("names", names);
        state.Set("stride", new PickleTensor(storage, 3, [2], [1]));
        state.Set("eps", 0.001);
        state.Set("yaml", names);
        foreach ((object key, object? value) in state) inner.Set(key, value);
        inner.Set("_modules", new PickleDictionary { IsOrderedDict = true });
        children.Set("model", new PickleObject(new("torch.nn.modules.conv", "Conv2d"), PickleTuple.Empty) { State = inner });
        state.Set("_modules", children);
        root.Set("epoch", -1L);
        root.Set("model", new PickleObject(new("ultralytics.nn.tasks", "DetectionModel"), PickleTuple.Empty) { State = state });
        return PickleWriter.ToBytes(root);
    }

    /// <summary>A BMP of 2 x 2 pixels and 24 bits.</summary>
    private static byte[] Bitmap()
    {
        byte[] header = new byte[54];
        header[0] = (byte)'B';
        header[1] = (byte)'M';
        (int Place, int Value)[] fields = [(2, 70), (10, 54), (14, 40), (18, 2), (22, 2), (34, 16)];
        foreach ((int place, int value) in fields) BitConverter.GetBytes(value).CopyTo(header, place);
        header[26] = 1;
        header[28] = 24;
        return [.. header, .. new byte[16]];
    }
}
