using System.Text;
using YoloTune.Files.Torch;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Files.Inspection;

/// <summary>Files as torch.save writes them, by version and by what is saved; an inspection must find nothing wrong with any.</summary>
internal static class GoodFiles
{
    private static readonly byte[] Magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public static IEnumerable<(string Name, byte[] Content)> TorchSaves()
    {
        byte[] state = HidingPlaces.State;
        yield return ("torch 1.6", new ForgedZip().Add("archive/data.pkl", state).Add("archive/data/0", new byte[16]).Add("archive/version",
            [.. "3\n"u8]).ToArray());
        yield return ("torch 2.0", new ForgedZip().Add("m/data.pkl", state).Add("m/byteorder", [.. "little"u8]).Add("m/data/0",
            new byte[16]).Add("m/version", [.. "3\n"u8])
            .Add("m/.data/serialization_id", [.. "0123456789012345678901234567890123456789"u8]).ToArray());
        yield return ("torch 2.7", new ForgedZip().Add("m/data.pkl", state).Add("m/.format_version", [.. "1"u8]).Add("m/.storage_alignment",
            [.. "64"u8]).Add("m/byteorder", [.. "little"u8])
            .Add("m/data/0", new byte[16])
            .Add("m/version", [.. "3\n"u8]).Add("m/.data/serialization_id", [.. "0123456789012345678901234567890123456789"u8]).ToArray());
        yield return ("without the wide end", new ForgedZip { HasWideEnd = false }.Add("m/data.pkl", state).Add("m/data/0",
            new byte[16]).Add("m/version", [.. "3\n"u8]).ToArray());
        yield return ("a view of a larger storage", Zip(ArchiveBuilder.OneTensor([2], [2], offset: 1), 16));
        yield return ("two views of one storage", Zip(new PickleBuilder().Op(EMPTY_DICT, MARK).Text("a").Tensor([2],
            [1]).Text("b").Tensor([2], [1], offset: 2).Op(SETITEMS).End(), 16));
        yield return ("a scalar and an empty tensor", Zip(new PickleBuilder().Op(EMPTY_DICT, MARK).Text("a").Tensor([],
            []).Text("b").Tensor([0, 3], [3, 1]).Op(SETITEMS).End(), 16));
        yield return ("no tensor at all", new ForgedZip().Add("m/data.pkl",
            new PickleBuilder().Op(EMPTY_DICT).Text("epoch").Int(3).Op(SETITEM).End()).Add("m/version", [.. "3\n"u8]).ToArray());
        yield return ("a tensor by itself", Zip(new PickleBuilder().Tensor([4], [1]).End(), 16));
        yield return ("half precision", Zip(ArchiveBuilder.OneTensor([4], [1], type: "HalfStorage"), 8));
        yield return ("complex numbers", Zip(ArchiveBuilder.OneTensor([4], [1], type: "ComplexFloatStorage"), 32));
        yield return ("an ordered dictionary with metadata", Zip(new PickleBuilder()
            .Global("collections", "OrderedDict").Op(EMPTY_TUPLE, REDUCE).Op(MARK).Text("w").Tensor([4], [1]).Op(SETITEMS)
            .Op(EMPTY_DICT).Text("_metadata").Op(EMPTY_DICT, SETITEM, BUILD).End(), 16));
        yield return ("a default dictionary", Zip(new PickleBuilder().Global("collections", "defaultdict").Global("builtins",
            "dict").Op(TUPLE1, REDUCE).Int(0).Tensor([4], [1]).Op(SETITEM).End(), 16));
        yield return ("a sparse tensor", Zip(new PickleBuilder().Global("torch._utils",
            "_rebuild_sparse_tensor").Op(MARK).Int(0).Op(MARK).Tensor([4], [1]).Tensor([4], [1]).Op(TUPLE, TUPLE, REDUCE).End(), 16));
        yield return ("protocol 4 with frames", Zip(Framed(), 16));
        yield return ("a whole module", Zip(Module(), 64));
        yield return ("the old format", Legacy());
        yield return ("the old format with protocol 4", Legacy(magic: [0x80, 4, 0x95, 13, 0, 0, 0, 0, 0, 0, 0, .. Magic[2..]]));
        yield return ("the tar archive of torch 0.1", Tar(new PickleBuilder().Op(EMPTY_DICT).End()));
        yield return ("a bare pickle", HidingPlaces.State);
    }

    /// <summary>What torch wrote before 1.6.</summary>
    public static byte[] Legacy(byte[]? system = null, byte[]? magic = null) =>
    [
        .. magic ?? Magic, .. new PickleBuilder().Op(BININT2).Raw([0xe9, 3]).End(),
        .. system ?? new PickleBuilder().Op(EMPTY_DICT).Text("little_endian").Op(NEWTRUE, SETITEM).End(),
        .. HidingPlaces.State, .. new PickleBuilder().Op(EMPTY_LIST).Text("0").Op(APPEND).End(), .. BitConverter.GetBytes(4L),
        .. new byte[16],
    ];

    /// <summary>What torch 0.1 wrote.</summary>
    public static byte[] Tar(byte[] pickle)
    {
        using MemoryStream stream = new();
        foreach ((string name, byte[] content) in (List<(string, byte[])>)[("sys_info", [.. new PickleBuilder().Op(EMPTY_DICT).End()]),
            ("pickle", pickle), ("storages", [.. new PickleBuilder().Int(0).End(), .. new PickleBuilder().Op(EMPTY_LIST).End()]),
            ("tensors", [.. new PickleBuilder().Int(0).End()])])
        {
            byte[] header = new byte[512];
            Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
            Encoding.ASCII.GetBytes("0000644").CopyTo(header, 100);
            Encoding.ASCII.GetBytes(Convert.ToString(content.Length, 8).PadLeft(11, '0')).CopyTo(header, 124);
            header[156] = (byte)'0';
            header.AsSpan(148, 8).Fill((byte)' ');
            Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0").CopyTo(header, 148);
            stream.Write(header);
            stream.Write(content);
            stream.Write(new byte[(512 - (content.Length % 512)) % 512]);
        }
        stream.Write(new byte[1024]);
        return stream.ToArray();
    }

    /// <summary>An archive of one storage.</summary>
    private static byte[] Zip(byte[] pickle, int storage) =>
        new ForgedZip()
            .Add("m/data.pkl", pickle)
            .Add("m/byteorder", [.. "little"u8]).Add("m/data/0", new byte[storage]).Add("m/version", [.. "3\n"u8]).ToArray();

    private static byte[] Framed()
    {
        byte[] body = new PickleBuilder(4).Tensor([4], [1]).End()[2..];
        return [0x80, 4, 0x95, .. BitConverter.GetBytes((long)body.Length), .. body];
    }

    private static byte[] Module()
    {
        PickleStorage storage = new(new("torch", "FloatStorage"), "0", "cpu", 16);
        PickleDictionary parameters = new() { IsOrderedDict = true }, state = [], names = [], root = [];
        parameters.Set("weight", new PickleTensor(storage, 0, [4, 4], [4, 1], true, true));
        names.Set(0L, "cell");
        state.Set("_parameters", parameters);
        state.Set("_buffers", new PickleDictionary { IsOrderedDict = true });
        state.Set("_modules", new PickleDictionary { IsOrderedDict = true });
        state.Set("names", names);
        root.Set("model", new PickleObject(new("ultralytics.nn.tasks", "DetectionModel"), PickleTuple.Empty) { State = state });
        return PickleWriter.ToBytes(root);
    }
}
