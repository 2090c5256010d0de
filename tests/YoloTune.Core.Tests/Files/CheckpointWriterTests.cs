using System.IO.Compression;
using System.IO.Hashing;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Files;

public sealed class CheckpointWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly KeyValuePair<string, torch.Tensor>[] items;

    public CheckpointWriterTests() => items =
    [
        KeyValuePair.Create("half", torch.arange(7).to(torch.ScalarType.Float16)),
        KeyValuePair.Create("counter", torch.tensor(5L)),
        KeyValuePair.Create("transposed", torch.arange(6).to(torch.ScalarType.Float32).reshape(2, 3).t()),
        KeyValuePair.Create("brain", torch.ones(3, torch.ScalarType.BFloat16)),
        KeyValuePair.Create("bool", torch.tensor(new[] { true, false, true })),
        KeyValuePair.Create("byte", torch.tensor(new byte[] { 1, 2, 255 })),
        KeyValuePair.Create("double", torch.tensor(new[] { 1e300, double.NaN })),
        KeyValuePair.Create("empty", torch.empty(0, 3)),
    ];

    public void Dispose()
    {
        foreach (torch.Tensor tensor in items.Select(item => item.Value)) tensor.Dispose();
        folder.Dispose();
    }

    private void Write(string name, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        if (name.EndsWith(".pt", StringComparison.Ordinal)) StateDictFile.Write(folder.File(name), items, metadata);
        else SafeTensorsFile.Write(folder.File(name), items, metadata);
    }

    [Theory]
    [InlineData("m.pt")]
    [InlineData("m.safetensors")]
    public void Every_type_comes_back_bit_for_bit_in_the_same_order(string name)
    {
        Write(name);
        using CheckpointContent content = CheckpointReader.Read(folder.File(name));
        Assert.Equal(items.Select(item => item.Key), content.Items.Select(item => item.Name));
        foreach ((var expected, CheckpointItem actual) in items.Zip(content.Items))
        {
            Assert.Equal(expected.Value.dtype, actual.Tensor.dtype);
            Assert.Equal(expected.Value.shape, actual.Tensor.shape);
            using torch.Tensor flat = expected.Value.contiguous();
            if (flat.numel() > 0) Assert.True(flat.bytes.SequenceEqual(actual.Tensor.bytes), expected.Key);
        }
    }

    [Theory]
    [InlineData("m.pt")]
    [InlineData("m.safetensors")]
    public void The_same_input_gives_the_same_bytes(string name)
    {
        Dictionary<string, string> metadata = new() { ["a"] = "1" };
        Write(name, metadata);
        Write("again-" + name, metadata);
        Assert.Equal(File.ReadAllBytes(folder.File(name)), File.ReadAllBytes(folder.File("again-" + name)));
    }

    [Theory]
    [InlineData("m.pt")]
    [InlineData("m.safetensors")]
    public void Metadata_of_ours_fills_the_content(string name)
    {
        Dictionary<string, object?> yaml = new()
        {
            ["nc"] = 2L,
            ["scale"] = "n",
            ["width"] = 1.0,
            ["backbone"] = new List<object?> { new List<object?> { -1L, 1L, "Conv", new List<object?> { 64L, 3L, true, null } } },
        };
        Write(name, new Dictionary<string, string>
        {
            [CheckpointMetadata.Version] = CheckpointMetadata.CurrentVersion,
            [CheckpointMetadata.Yaml] = CheckpointMetadata.ToJson(yaml),
            [CheckpointMetadata.Names] = CheckpointMetadata.ToJson(new[] { "红 \"cell\"", "b" }),
            [CheckpointMetadata.Task] = "segment",
            [CheckpointMetadata.Stride] = CheckpointMetadata.ToJson(new[] { 8, 16 }),
            [CheckpointMetadata.Extras] = CheckpointMetadata.ToJson(new Dictionary<string, object?> { ["epoch"] = 4L }),
            ["origin"] = "anything",
        });
        using CheckpointContent content = CheckpointReader.Read(folder.File(name));
        Assert.Equal(CheckpointMetadata.ToJson(yaml), CheckpointMetadata.ToJson(content.ModelYaml));
        Assert.IsType<double>(content.ModelYaml!["width"]);
        Assert.Equal(["红 \"cell\"", "b"], content.Names);
        Assert.Equal("Segment", content.Task?.Name);
        Assert.Equal([8, 16], content.Strides);
        Assert.Equal(2, content.ClassCount);
        Assert.Equal(4L, content.Extras["epoch"]);
        Assert.Equal("anything", content.Metadata["origin"]);
    }

    [Theory]
    [InlineData("m.pt")]
    [InlineData("m.safetensors")]
    public void A_failure_while_writing_leaves_the_old_file_and_nothing_else(string name)
    {
        Write(name);
        byte[] before = File.ReadAllBytes(folder.File(name));
        items[3].Value.Dispose();
        Assert.ThrowsAny<Exception>(() => Write(name));
        Assert.Equal(before, File.ReadAllBytes(folder.File(name)));
        Assert.Equal([name], folder.Names);
    }

    [Fact]
    public void Storages_begin_at_multiples_of_64_bytes_and_zip_tools_read_the_archive()
    {
        Write("m.pt", new Dictionary<string, string> { ["a"] = "1" });
        using (TorchArchive archive = TorchArchive.Open(folder.File("m.pt")))
        {
            Assert.Equal("archive/", archive.Folder);
            Assert.Contains("archive/yolotune.json", archive.Records);
        }
        byte[] file = File.ReadAllBytes(folder.File("m.pt"));
        for (int at = 0, next; (next = file.AsSpan(at).IndexOf("PK\x03\x04"u8)) >= 0; at += next + 4)
        {
            int header = at + next;
            Assert.Equal(0, (header + 30 + BitConverter.ToUInt16(file, header + 26) + BitConverter.ToUInt16(file, header + 28)) % 64);
        }

        // Reading an entry to its end makes System.IO.Compression check nothing of its CRC, so it is compared here.
        using ZipArchive zip = ZipFile.OpenRead(folder.File("m.pt"));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using MemoryStream content = new();
            using (Stream stream = entry.Open()) stream.CopyTo(content);
            Assert.Equal(entry.Crc32, Crc32.HashToUInt32(content.ToArray()));
        }
        Assert.Equal(0xcbf43926u, Crc32.HashToUInt32("123456789"u8));
    }

    [Fact]
    public void The_pickle_keeps_to_what_torch_allows_with_weights_only()
    {
        Write("m.pt", new Dictionary<string, string> { ["a"] = "1" });
        PickleReport report = CheckpointReader.Inspect(folder.File("m.pt"));
        string[] storages = ["Half", "Float", "Double", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"];
        string[] names = ["collections.OrderedDict", "torch._utils._rebuild_tensor_v2", .. storages.Select(type => $"torch.{type}Storage")];
        Assert.Subset(names.ToHashSet(), report.Globals.Keys.Select(global => global.ToString()).ToHashSet());

        // The opcodes that torch's own weights-only unpickler knows, and that are in protocol 2.
        PickleOpcode[] opcodes =
        [
            PROTO, GLOBAL, NEWOBJ, REDUCE, BUILD, APPEND, APPENDS, SETITEM, SETITEMS, MARK, TUPLE, TUPLE1, TUPLE2, TUPLE3, NONE,
            NEWFALSE, NEWTRUE, EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT, EMPTY_SET, BININT, BININT1, BININT2, BINFLOAT, BINUNICODE,
            SHORT_BINSTRING, LONG1, BINPERSID, BINGET, LONG_BINGET, BINPUT, LONG_BINPUT, STOP,
        ];
        Assert.Subset(opcodes.ToHashSet(), report.Opcodes.Keys.ToHashSet());
        using TorchArchive archive = TorchArchive.Open(folder.File("m.pt"));
        PickleDictionary root = Assert.IsType<PickleDictionary>(archive.Root);
        Assert.True(root.IsOrderedDict);
        Assert.All(root, item => Assert.IsType<PickleTensor>(item.Value));
    }

    [Fact]
    public void A_name_given_twice_is_an_error_of_the_caller()
    {
        KeyValuePair<string, torch.Tensor>[] twice = [items[0], items[0]];
        Assert.Throws<ArgumentException>(() => StateDictFile.Write(folder.File("m.pt"), twice));
        Assert.Throws<ArgumentException>(() => SafeTensorsFile.Write(folder.File("m.safetensors"), twice));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Metadata_that_is_no_json_is_refused()
    {
        Write("m.safetensors", new Dictionary<string, string> { [CheckpointMetadata.Version] = "1", [CheckpointMetadata.Names] = "{" });
        Assert.Contains("not JSON", Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("m.safetensors"))).Message);
    }

    [Fact]
    public void The_task_of_our_own_files_is_read_back()
    {
        using YoloModel model = Training.Run.TinyRun.Model();
        ModelExporter.WriteSafeTensors(model, folder.File("task.safetensors"));
        using CheckpointContent content = CheckpointReader.Read(folder.File("task.safetensors"));
        Assert.Equal("Detect", content.Task?.Name);
    }

    [Theory]
    [InlineData("items", "{\"model.0.conv.weight\": {\"rate\": -1}}", "is not a number of 0 or more")]
    [InlineData("items", "{\"model.0.conv.weight\": {\"rate\": \"fast\"}}", "cannot be read")]
    [InlineData("items", "{\"model.0.conv.weight\": 5}", "cannot be read")]
    [InlineData("items", "{", "cannot be read")]
    [InlineData("plan", "[1]", "cannot be read")]
    public void Damaged_metadata_of_our_own_is_refused_with_its_name(string name, string value, string message)
    {
        using YoloModel model = Training.Run.TinyRun.Model();
        string path = folder.File("metadata.safetensors");
        ModelExporter.WriteSafeTensors(model, path);
        SafeTensorsContent content = SafeTensorsFile.Load(path);
        Dictionary<string, string> metadata = new(content.Metadata) { [name] = value };
        SafeTensorsFile.Write(path, content.Tensors, metadata);
        foreach (torch.Tensor tensor in content.Tensors.Values) tensor.Dispose();
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ModelImporter.Import(path));
        Assert.Contains(message, exception.Message);
        Assert.Equal("metadata " + name, exception.Position);
    }

    [Fact]
    public void A_file_that_describes_a_network_it_does_not_hold_is_refused_before_memory_is_taken_for_it()
    {
        string path = folder.File("giant.safetensors");
        using torch.Tensor tensor = torch.ones(2);
        // A convolution of a million by a million channels would take 36 TB.
        string yaml = """{"nc":1,"scales":{"n":[1,1,100000000]},"scale":"n","backbone":"""
            + """[[-1,1,"Conv",[1000000,3,2]],[-1,1,"Conv",[1000000,3,2]]],"head":[[[0,1],1,"Detect",["nc"]]]}""";
        SafeTensorsFile.Write(path, [KeyValuePair.Create("w", tensor)],
            [KeyValuePair.Create("yolotune", "1"), KeyValuePair.Create("yaml", yaml)]);
        Assert.Contains("are not in the file", Assert.Throws<ModelFormatException>(() => ModelImporter.Import(path)).Message);
    }
}
