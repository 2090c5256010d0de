using System.Text;
using YoloTune.Files.Inspection;
using YoloTune.Files.Torch;
using static YoloTune.Files.Inspection.CheckpointVerdict;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Files.Inspection;

/// <summary>
/// The published ways round a scanner of model files, one file each. None of them holds anything that does harm: the command is "true".
/// </summary>
internal static class HidingPlaces
{
    /// <summary>A file that hides something.</summary>
    /// <param name="Name">The class it stands for.</param>
    /// <param name="Extension">The extension of the file.</param>
    /// <param name="Content">The file.</param>
    /// <param name="Verdict">What an inspection has to say.</param>
    /// <param name="Kind">The kind of the finding that says why; null where there is only a problem.</param>
    public sealed record Sample(string Name, string Extension, byte[] Content, CheckpointVerdict Verdict, string? Kind);

    /// <summary>A pickle that would run a command.</summary>
    public static byte[] Payload { get; } = new PickleBuilder().Call("os", "system", "true").End();

    /// <summary>The pickle of a state dict of one tensor.</summary>
    public static byte[] State { get; } = ArchiveBuilder.OneTensor([2, 2], [2, 1]);

    public static IReadOnlyList<Sample> All { get; } =
        [.. Pickles(), .. Stacks(), .. Records(), .. Headers(), .. Others(), .. SafeTensors(), .. Onnx()];

    /// <summary>An archive of torch with the records that belong to it.</summary>
    public static ForgedZip Torch(byte[]? pickle = null) =>
        new ForgedZip().Add("a/data.pkl", pickle ?? State).Add("a/byteorder", [.. "little"u8])
        .Add("a/data/0", new byte[16])
        .Add("a/version", [.. "3\n"u8]).Add("a/.data/serialization_id", [.. "0123456789012345678901234567890123456789"u8]);

    private static IEnumerable<Sample> Pickles()
    {
        // The same pickle bare and inside an archive: scanners that follow one follow the other differently.
        foreach ((string name, byte[] pickle, CheckpointVerdict verdict, string? kind) in Opcodes())
        {
            yield return new(name, ".pt", pickle, verdict, kind);
            yield return new(name + ", in an archive", ".pt", Torch(pickle).ToArray(), verdict, kind);
        }
    }

    private static IEnumerable<(string Name, byte[] Pickle, CheckpointVerdict Verdict, string? Kind)> Opcodes()
    {
        yield return ("a call", Payload, Unsafe, "REDUCE");
        yield return ("INST", "(S'true'\nios\nsystem\n."u8.ToArray(), Unsafe, "INST");
        yield return ("OBJ", "(cos\nsystem\nS'true'\no."u8.ToArray(), Unsafe, "OBJ");
        yield return ("EXT1", new PickleBuilder().Op(EXT1).Byte(7).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "EXT1");
        yield return ("EXT2", new PickleBuilder().Op(EXT2).Raw([7, 0]).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "EXT2");
        yield return ("EXT4", new PickleBuilder().Op(EXT4).Raw([7, 0, 0, 0]).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "EXT4");
        yield return ("STACK_GLOBAL", new PickleBuilder(4).Text("os").Text("system").Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(),
            Unsafe, "STACK_GLOBAL");
        yield return ("a dotted name", new PickleBuilder(4)
            .Text("torch").Text("serialization.os.system").Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("a dotted name of a harmless module",
            new PickleBuilder(4).Text("collections").Text("abc.sys.modules").Op(STACK_GLOBAL).End(), Unsafe, "STACK_GLOBAL");
        yield return ("names by memo", new PickleBuilder(4).Text("os").Op(MEMOIZE, POP).Text("system").Op(MEMOIZE,
            POP).Op(BINGET).Byte(0).Op(BINGET).Byte(1)
            .Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("names by memo, overwritten",
            new PickleBuilder(4).Text("math").Op(BINPUT).Byte(0).Op(POP).Text("os").Op(BINPUT).Byte(0).Text("system")
            .Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("names by DUP", new PickleBuilder(4)
            .Text("os").Op(DUP).Op(POP).Text("system").Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("a result that is popped", new PickleBuilder().Call("os", "system", "true").Op(POP, EMPTY_DICT).End(), Unsafe,
            "REDUCE");
        yield return ("a result that is doubled", new PickleBuilder().Call("os", "system", "true").Op(DUP, TUPLE2).End(), Unsafe, "REDUCE");
        yield return ("a result that is popped with a mark", new PickleBuilder().Op(MARK).Call("os", "system", "true").Op(POP_MARK,
            EMPTY_DICT).End(), Unsafe, "REDUCE");
        yield return ("the result of a call is called", new PickleBuilder().Call("builtins", "getattr", "x").Text("true").Op(TUPLE1,
            REDUCE).End(), Unsafe, "REDUCE");
        yield return ("a name that is a number", new PickleBuilder(4).Int(1).Text("system").Op(STACK_GLOBAL).Text("true").Op(TUPLE1,
            REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("a name that is bytes", new PickleBuilder(4).Op(SHORT_BINBYTES)
            .Byte(2).Raw("os"u8).Text("system").Op(STACK_GLOBAL).Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("a name that is a bytearray", new PickleBuilder(5).Op(BYTEARRAY8).Raw([2, 0, 0, 0, 0, 0, 0,
            0]).Raw("os"u8).Text("system").Op(STACK_GLOBAL)
            .Text("true").Op(TUPLE1, REDUCE).End(), Unsafe, "STACK_GLOBAL");
        yield return ("code as bytes", new PickleBuilder(4).Global("builtins", "exec").Op(SHORT_BINBYTES).Byte(4).Raw("pass"u8).Op(TUPLE1,
            REDUCE).End(), Unsafe, "GLOBAL");
        yield return ("code as a bytearray", new PickleBuilder(5).Global("builtins",
            "exec").Op(BYTEARRAY8).Raw([4, 0, 0, 0, 0, 0, 0, 0]).Raw("pass"u8).Op(TUPLE1, REDUCE).End(), Unsafe, "GLOBAL");
        yield return ("an argument that is a number", new PickleBuilder().Global("builtins", "exit").Op(BININT1).Byte(1).Op(TUPLE1,
            REDUCE).End(), Unsafe, "GLOBAL");
        yield return ("payload first, garbage after", [.. new PickleBuilder().Call("os", "system", "true").Op((PickleOpcode)0xff).End(),
            0xff, 0xfe], Unsafe, "REDUCE");
        yield return ("payload first, no end", new PickleBuilder().Call("os", "system", "true").Op(BINUNICODE).UInt32(1000).End(), Unsafe,
            "REDUCE");
        yield return ("a frame that ends inside an opcode", new PickleBuilder(4).Op(FRAME).Raw([3, 0, 0, 0, 0, 0, 0,
            0]).Text("abcdef").End(), Suspicious, "BINUNICODE");
        yield return ("a frame that ends inside a call", new PickleBuilder(4).Op(FRAME).Raw([5, 0, 0, 0, 0, 0, 0, 0]).Call("os", "system",
            "true").End(), Unsafe, "GLOBAL");
        yield return ("a frame longer than the pickle", new PickleBuilder(4).Op(FRAME).Raw([0xff, 0xff, 0, 0, 0, 0, 0,
            0]).Op(EMPTY_DICT).End(), Suspicious, "FRAME");
        yield return ("values that are left behind", new PickleBuilder().Text("x").Op(EMPTY_DICT).End(), Suspicious, "STOP");
        yield return ("values that repeat without end", Expansion(), Suspicious, "expansion");
        yield return ("SETITEM in a tensor", new PickleBuilder().Tensor([2, 2], [2, 1]).Text("x").Int(1).Op(SETITEM).End(), Unsafe,
            "SETITEM");
        yield return ("SETITEMS in a list", new PickleBuilder().Op(EMPTY_LIST, MARK).Int(0).Int(1).Op(SETITEMS).End(), Unsafe, "SETITEMS");
        yield return ("SETITEM in an object", new PickleBuilder().Global("torch.nn.modules.conv", "Conv2d").Op(EMPTY_TUPLE,
            NEWOBJ).Int(0).Int(1).Op(SETITEM).End(), Suspicious, "SETITEM");
        yield return ("APPENDS to a tensor", new PickleBuilder().Tensor([2, 2], [2, 1]).Op(MARK).Int(0).Op(APPENDS).End(), Unsafe,
            "APPENDS");
        yield return ("an object array", new PickleBuilder().Global("numpy.core.multiarray", "_reconstruct").Op(MARK).Global("numpy",
            "ndarray").Op(TUPLE, REDUCE)
            .Op(MARK).Int(1).Op(EMPTY_LIST).Call("os", "system", "true").Op(APPEND, TUPLE, BUILD).End(), Unsafe, "REDUCE");
        yield return ("a joblib file", [.. new PickleBuilder(4)
            .Global("joblib.numpy_pickle", "NumpyArrayWrapper").Op(EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, BUILD).End()[..^1],
            1, 2, 3, 4, .. Payload], Unsafe, "GLOBAL");
        yield return ("a nested pickle", new PickleBuilder().Global("_pickle",
            "loads").Op(BINBYTES).UInt32((uint)Payload.Length).Raw(Payload).Op(TUPLE1, REDUCE).End(), Unsafe, "GLOBAL");
    }

    private static byte[] Expansion()
    {
        PickleBuilder builder = new PickleBuilder().Op(EMPTY_TUPLE);
        for (int i = 0; i < 60; i++) builder.Op(DUP, TUPLE2);
        return builder.End();
    }

    /// <summary>Empty dictionaries, each a pickle of its own.</summary>
    public static byte[] Row(int count)
    {
        byte[] row = new byte[2 * count];
        for (int i = 0; i < row.Length; i++) row[i] = i % 2 == 0 ? (byte)EMPTY_DICT : (byte)STOP;
        return row;
    }

    private static IEnumerable<Sample> Stacks()
    {
        yield return new("a second pickle after STOP", ".pt", Torch([.. State, .. Payload]).ToArray(), Unsafe, "trailing");
        yield return new("a harmless second pickle after STOP", ".pt", Torch([.. State, .. State]).ToArray(), Suspicious, "trailing");
        yield return new("bytes after STOP", ".pt", Torch([.. State, 0, 0, 0]).ToArray(), Suspicious, "trailing");
        yield return new("stacked bare pickles", ".pkl", [.. State, .. Payload], Unsafe, "trailing");
        yield return new("a pickle of protocol 0 after STOP", ".pt", Torch([.. State, .. "cos\nsystem\n(S'true'\ntR."u8]).ToArray(), Unsafe,
            "trailing");
        yield return new("a payload behind thousands of pickles", ".pkl", [.. State, .. Row(5_000), .. Payload], Unsafe, "trailing");
        yield return new("a payload behind more pickles than are looked at", ".pkl", [.. State, .. Row(20_000), .. Payload],
            Unreadable, "trailing");
        yield return new("a joblib tail after STOP", ".pkl", [.. State, 1, 2, 3, 4, 5, 6, 7, 8], Suspicious, "trailing");
        yield return new("a pickle before the archive", ".pt", new ForgedZip { Before = Payload }.Add("a/data.pkl", State).Add("a/data/0",
            new byte[16]).ToArray(), Unsafe, "REDUCE");
        yield return new("a harmless pickle before the archive", ".pt",
            new ForgedZip { Before = State }.Add("a/data.pkl", State).Add("a/data/0", new byte[16]).ToArray(), Suspicious, "nested");
        yield return new("an archive behind a harmless pickle", ".pt", [.. State, .. Torch(Payload).ToArray()], Unsafe, "nested");
        yield return new("a pickle behind the archive", ".pt", [.. Torch().ToArray(), .. Payload], Unsafe, "trailing");
        yield return new("bytes behind the archive", ".pt", [.. Torch().ToArray(), 1, 2, 3], Suspicious, "trailing");
        yield return new("the old format with a pickle behind it", ".pt", [.. GoodFiles.Legacy(), .. Payload], Unsafe, "trailing");
        yield return new("the old format with code in its description", ".pt",
            GoodFiles.Legacy(system: new PickleBuilder().Op(EMPTY_DICT).Text("x").Call("os", "system", "true").Op(SETITEM).End()), Unsafe,
            "REDUCE");
    }

    private static IEnumerable<Sample> Records()
    {
        yield return new("a record that nothing names", ".pt", Torch().Add("a/data/7", new byte[16]).ToArray(), Suspicious, "record");
        yield return new("a pickle in a record that nothing names", ".pt", Torch().Add("a/data/7", Payload).ToArray(), Unsafe, "record");
        yield return new("a second .pkl", ".pt", Torch().Add("a/evil.pkl", Payload).ToArray(), Unsafe, "record");
        yield return new("a harmless second .pkl", ".pt", Torch().Add("a/other.pkl", State).ToArray(), Suspicious, "nested");
        yield return new("a pickle by another name", ".pt", Torch().Add("a/readme.txt", Payload).ToArray(), Unsafe, "record");
        yield return new("a pickle of protocol 0 by another name", ".pt",
            Torch().Add("a/readme.txt", [.. "cos\nsystem\n(S'true'\ntR."u8]).ToArray(), Unsafe, "record");
        yield return new("data.pkl twice, in two folders", ".pt", Torch().Add("b/data.pkl", Payload).ToArray(), Unsafe, "record");
        yield return new("two records of one name", ".pt", Torch().Add("a/data.pkl", Payload).ToArray(), Unsafe, "duplicate");
        yield return new("a name with other letters", ".pt", Torch().Add("a/DATA.PKL", Payload).ToArray(), Unsafe, "record");
        yield return new("a name that climbs", ".pt", Torch().Add("../a/data.pkl", Payload).ToArray(), Unsafe, "record");
        yield return new("a name with a zero byte", ".pt", Torch().Add("a/x\0.pkl", Payload).ToArray(), Unsafe, "name");
        yield return new("a pickle in place of the version", ".pt",
            new ForgedZip().Add("a/data.pkl", State).Add("a/data/0", new byte[16]).Add("a/version", Payload).ToArray(), Unsafe, "record");
        yield return new("a nested archive", ".pt", Torch().Add("a/inner.zip", Torch(Payload).ToArray()).ToArray(), Unsafe, "nested");
        yield return new("a harmless nested archive", ".pt", Torch().Add("a/inner.zip", Torch().ToArray()).ToArray(), Suspicious, "nested");
        yield return new("an archive in place of weights", ".pt", Weights(Torch(Payload).ToArray()), Unsafe, "nested");
        yield return new("a pickle in place of weights", ".pt", Weights(Payload), Unsafe, "nested");
        yield return new("a 7z archive in a record", ".pt", Torch().Add("a/x",
            [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, 0, 4]).ToArray(), Suspicious, "nested");
        yield return new("an object array in a record", ".pt", Torch().Add("a/x.npy", Numpy("|O", Payload)).ToArray(), Unsafe, "nested");
        yield return new("a compressed pickle", ".pt", Compressed(Payload), Unsafe, "method");
        yield return new("a storage longer than its record", ".pt", Torch(ArchiveBuilder.OneTensor([2, 2], [2, 1], count: 400)).ToArray(),
            Suspicious, "storage");
        yield return new("a storage shorter than its record", ".pt", Torch(ArchiveBuilder.OneTensor([2], [1], count: 2)).ToArray(),
            Suspicious, "storage");
        yield return new("a storage of a negative length", ".pt", Torch(ArchiveBuilder.OneTensor([2], [1], count: -4)).ToArray(),
            Suspicious, "storage");
        yield return new("a storage described in two ways", ".pt", Torch(new PickleBuilder()
            .Tensor([2], [1], count: 400).Tensor([2], [1]).Op(TUPLE2).End()).ToArray(), Suspicious, "BINPERSID");
        yield return new("a storage without a record", ".pt", Torch(ArchiveBuilder.OneTensor([2], [1], key: "1")).ToArray(), Suspicious,
            "storage");
        yield return new("a tensor beyond its storage", ".pt", Torch(ArchiveBuilder.OneTensor([4], [1000])).ToArray(), Suspicious,
            "tensor");
        yield return new("a negative stride", ".pt", Torch(ArchiveBuilder.OneTensor([4], [-1])).ToArray(), Suspicious, "tensor");
    }

    private static IEnumerable<Sample> Headers()
    {
        ForgedZip.Entry pickle = new("a/data.pkl", State), hostile = new("a/data.pkl", Payload), weights = new("a/data/0", new byte[16]);
        byte[] Make(params ForgedZip.Entry[] entries)
        {
            ForgedZip zip = new();
            foreach (ForgedZip.Entry entry in entries) zip.Add(entry);
            return zip.Add("a/version", [.. "3\n"u8]).ToArray();
        }
        yield return new("another name in the local header", ".pt", Make(pickle with { LocalName = "a/other.xx" }, weights), Suspicious,
            "name");
        yield return new("a pickle by another local name", ".pt", Make(hostile with { LocalName = "a/other.xx" }, weights), Unsafe, "name");
        yield return new("the flag of encryption in the directory", ".pt",
            Make(hostile with { Flags = 0x0809, LocalFlags = 0x0808 }, weights), Unsafe, "flags");
        yield return new("the flag of encryption in the local header", ".pt", Make(pickle with { LocalFlags = 0x0809 }, weights),
            Suspicious, "flags");
        yield return new("the flag of encryption in both", ".pt", Make(hostile with { Flags = 0x0809 }, weights), Unsafe, "flags");
        yield return new("flags that torch does not write", ".pt", Make(pickle with { Flags = 0x2808 }, weights), Suspicious, "flags");
        yield return new("two compression methods", ".pt", Make(pickle with { LocalMethod = 8 }, weights), Suspicious, "method");
        yield return new("a CRC that is wrong", ".pt", Make(pickle, weights with { Crc = 1 }), Suspicious, "crc");
        yield return new("a CRC of zero", ".pt", Make(hostile with { Crc = 0 }, weights), Unsafe, "crc");
        yield return new("a CRC that is wrong behind the content", ".pt", Make(pickle, weights with { DescriptorCrc = 1 }), Suspicious,
            "descriptor");
        yield return new("bytes between the records", ".pt", Make(pickle with { Behind = [1, 2, 3] }, weights), Suspicious, "gap");
        yield return new("a pickle between the records", ".pt", Make(pickle with { Behind = Payload }, weights), Unsafe, "gap");
        yield return new("a record that the directory does not list", ".pt",
            Make(pickle, weights, new("a/x", Payload) { IsListed = false }), Unsafe, "record");
        yield return new("bytes before the first record", ".pt", [.. "PK\x03\x04"u8, .. Make(pickle, weights)], Suspicious, "directory");
        yield return new("an extra field", ".pt", Make(pickle with { Extra = [0x99, 0x99, 4, 0, 1, 2, 3, 4] }, weights), Suspicious,
            "extra field");
        yield return new("padding of other letters", ".pt", Make(pickle with { Extra = [0x46, 0x42, 4, 0, 1, 2, 3, 4] }, weights),
            Suspicious, "extra field");
        yield return new("a comment of a record", ".pt", Make(pickle with { Comment = [1, 2] }, weights), Suspicious, "comment");
        yield return new("a comment of the archive", ".pt", new ForgedZip { Comment = Payload }.Add("a/data.pkl",
            State).Add(weights).ToArray(), Unsafe, "comment");
        yield return new("two lengths", ".pt", Make(pickle, weights with { ListedLength = 8 }), Suspicious, "storage");
    }

    private static IEnumerable<Sample> Others()
    {
        yield return new("a 7z archive", ".pt", [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, 0, 4, .. new byte[40]], Unreadable, null);
        yield return new("a tar archive of torch 0.1 with a pickle behind it", ".pt",
            [.. GoodFiles.Tar(new PickleBuilder().Op(EMPTY_DICT).End()), .. Payload], Unsafe, "gap");
        yield return new("a tar archive of torch 0.1 with two pickles", ".pt",
            GoodFiles.Tar([.. new PickleBuilder().Op(EMPTY_DICT).End(), .. Payload]), Unsafe, "trailing");
        yield return new("a tar archive that is cut short", ".pt", GoodFiles.Tar(State)[..2100], Unreadable, null);
        yield return new("a tar archive with a payload", ".pt", GoodFiles.Tar(Payload), Unsafe, "REDUCE");
        yield return new("an object array", ".npy", Numpy("|O", Payload), Unsafe, "object array");
        yield return new("an array of numbers", ".npy", Numpy("<f4", new byte[16]), Unreadable, null);
        yield return new("an archive of arrays", ".npz", new ForgedZip().Add("x.npy", Numpy("|O", Payload)).ToArray(), Unsafe,
            "object array");
        yield return new("a TorchScript program", ".pt", Torch().Add("a/constants.pkl", State).ToArray(), Unreadable, "record");
        yield return new("an archive that is cut short", ".pt", Torch().ToArray()[..^30], Unreadable, null);
    }

    private static IEnumerable<Sample> SafeTensors()
    {
        byte[] Make(string header, int data) =>
            [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[data]];
        const string a = """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """, b = """ "b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]} """;
        yield return new("safetensors with bytes behind", ".safetensors", Make($"{{{a},{b}}}", 20), Suspicious, "trailing");
        yield return new("safetensors with a name twice", ".safetensors", Make($"{{{a},{a},{b}}}", 16), Suspicious, "duplicate");
        yield return new("safetensors with ranges that overlap", ".safetensors",
            Make($"{{{a},{b.Replace("[8,16]", "[4,12]", StringComparison.Ordinal)}}}", 12), Suspicious, "overlap");
        yield return new("safetensors with a gap", ".safetensors", Make(
            $"{{{a},{b.Replace("[8,16]", "[12,20]", StringComparison.Ordinal)}}}", 20), Suspicious, "gap");
        yield return new("safetensors that is cut short", ".safetensors", Make($"{{{a},{b}}}", 12), Unreadable, null);
        yield return new("safetensors with an archive at its end", ".safetensors",
            [.. Make($"{{{a},{b}}}", 16), .. Torch(Payload).ToArray()], Unsafe, "nested");
        yield return new("a pickle by the name of safetensors", ".safetensors", Payload, Unsafe, "REDUCE");
    }

    private static IEnumerable<Sample> Onnx()
    {
        static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)(number << 3 | 2), (byte)content.Length, .. content];
        static byte[] Outside(string location)
        {
            byte[] entry = [.. Field(1, "location"u8), .. Field(2, Encoding.UTF8.GetBytes(location))];
            byte[] tensor = [8, 4, 16, 1, .. Field(8, "w"u8), .. Field(13, entry), 112, 1];
            return [8, 9, .. Field(7, Field(5, tensor))];
        }
        foreach (string location in (string[])["../../secret.bin", "/etc/passwd", "C:\\secret.bin", "\\\\server\\share\\x", "x/../../y",
            ""])
        {
            yield return new($"ONNX with values in '{location}'", ".onnx", Outside(location), Unsafe, "external_data");
        }
        yield return new("ONNX with values beside it", ".onnx", Outside("weights.bin"), Suspicious, "external_data");
        yield return new("ONNX with an operator of somebody", ".onnx",
            [8, 9, .. Field(7, Field(1, [.. Field(4, "Run"u8), .. Field(7, "evil.ops"u8)]))], Unsafe, "domain");
        yield return new("ONNX with a field that does not exist", ".onnx",
            [8, 9, .. Field(7, Field(1, Field(4, "Relu"u8))), .. Field(12, "hidden"u8)], Suspicious, "field");
        yield return new("ONNX with more values than its shape", ".onnx",
            [8, 9, .. Field(7, Field(5, [8, 1, 16, 1, .. Field(9, new byte[100])]))], Suspicious, "raw_data");
    }

    private static byte[] Weights(byte[] content)
    {
        byte[] padded = [.. content, .. new byte[(4 - (content.Length % 4)) % 4]];
        long count = padded.Length / 4;
        return new ForgedZip()
            .Add("a/data.pkl", ArchiveBuilder.OneTensor([count], [1], count: count))
            .Add("a/data/0", padded).Add("a/version", [.. "3\n"u8]).ToArray();
    }

    private static byte[] Numpy(string type, byte[] values)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': (1,), }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. values];
    }

    private static byte[] Compressed(byte[] pickle)
    {
        using MemoryStream stream = new();
        using (System.IO.Compression.ZipArchive zip = new(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("a/data.pkl", System.IO.Compression.CompressionLevel.Optimal).Open();
            entry.Write(pickle);
        }
        return stream.ToArray();
    }
}
