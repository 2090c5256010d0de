using System.IO.Compression;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Tests.Files;

public sealed class TorchArchiveTests : IDisposable
{
    private static readonly byte[] FourFloats = [.. new[] { 1f, 2f, 3f, 4f }.SelectMany(BitConverter.GetBytes)];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private torch.Tensor ReadOne(byte[] pickle, params byte[][] storages)
    {
        string path = folder.File("one.pt", ArchiveBuilder.Torch(pickle, storages));
        using CheckpointContent content = CheckpointReader.Read(path);
        return Assert.Single(content.Items).Tensor.alias().DetachFromDisposeScope();
    }

    private ModelFormatException Refused(byte[] file, string name = "bad.pt")
    {
        string path = folder.File(name, file);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(path));
        Assert.Equal(path, exception.File);
        return exception;
    }

    [Fact]
    public void Strides_and_offset_are_followed()
    {
        using torch.Tensor transposed = ReadOne(ArchiveBuilder.OneTensor([2, 2], [1, 2]), FourFloats);
        Assert.Equal([1f, 3, 2, 4], transposed.data<float>().ToArray());
        using torch.Tensor part = ReadOne(ArchiveBuilder.OneTensor([2], [1], offset: 1), FourFloats);
        Assert.Equal([2f, 3], part.data<float>().ToArray());
        using torch.Tensor column = ReadOne(ArchiveBuilder.OneTensor([2], [2], offset: 1), FourFloats);
        Assert.Equal([2f, 4], column.data<float>().ToArray());
        using torch.Tensor repeated = ReadOne(ArchiveBuilder.OneTensor([3], [0], offset: 3), FourFloats);
        Assert.Equal([4f, 4, 4], repeated.data<float>().ToArray());
    }

    [Fact]
    public void A_scalar_and_an_empty_tensor_are_read()
    {
        using torch.Tensor scalar = ReadOne(ArchiveBuilder.OneTensor([], [], offset: 2), FourFloats);
        Assert.Equal(3f, scalar.ToSingle());
        using torch.Tensor empty = ReadOne(ArchiveBuilder.OneTensor([0, 3], [3, 1]), FourFloats);
        Assert.Equal([0L, 3], empty.shape);
    }

    [Theory]
    [InlineData(new long[] { 5 }, new long[] { 1 }, 0, "needs 5 elements of its storage, which has 4")]
    [InlineData(new long[] { 2, 2 }, new long[] { 3, 1 }, 0, "needs 5 elements")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, 1, "needs 5 elements")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, -1, "before its storage")]
    [InlineData(new long[] { -4 }, new long[] { 1 }, 0, "negative size")]
    [InlineData(new long[] { 4 }, new long[] { -1 }, 0, "negative size or stride")]
    [InlineData(new long[] { 2, 2 }, new long[] { 1 }, 0, "2 sizes and 1 strides")]
    [InlineData(new long[] { long.MaxValue, 2 }, new long[] { 0, 0 }, 0, "overflow")]
    [InlineData(new long[] { 2 }, new long[] { long.MaxValue }, 1, "overflow")]
    [InlineData(new long[] { 1L << 40 }, new long[] { 0 }, 0, "more memory than the limit")]
    public void A_tensor_that_does_not_fit_its_storage_is_refused_by_name(long[] shape, long[] strides, long offset, string reason)
    {
        ModelFormatException exception = Refused(ArchiveBuilder.Torch(ArchiveBuilder.OneTensor(shape, strides, offset), FourFloats));
        Assert.Contains(reason, exception.Message);
        Assert.Equal("tensor w", exception.Position);
    }

    [Fact]
    public void A_storage_that_is_short_or_missing_or_of_an_unknown_type_is_refused_by_name()
    {
        ModelFormatException shortened = Refused(ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([4], [1]), FourFloats[..12]));
        Assert.Contains("has only 12 bytes", shortened.Message);
        Assert.Equal("tensor w", shortened.Position);
        Assert.Contains("no storage '0'", Refused(ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([4], [1]))).Message);
        byte[] fancy = ArchiveBuilder.OneTensor([4], [1], type: "FancyStorage");
        Assert.Contains("torch.FancyStorage is not known", Refused(ArchiveBuilder.Torch(fancy, FourFloats)).Message);
    }

    [Fact]
    public void Many_tensors_over_one_storage_are_refused_at_the_memory_limit()
    {
        PickleBuilder builder = new PickleBuilder().Op(PickleOpcode.EMPTY_DICT);
        byte[] storage = new byte[1 << 20];
        for (int i = 0; i < 100; i++) builder.Text($"w{i}").Tensor([1 << 18], [1], count: 1 << 18).Op(PickleOpcode.SETITEM);
        Assert.Contains("more memory than the limit", Refused(ArchiveBuilder.Torch(builder.End(), storage)).Message);
    }

    [Fact]
    public void A_zip_cut_short_anywhere_is_refused()
    {
        byte[] whole = ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([4], [1]), FourFloats);
        for (int length = 1; length < whole.Length; length += 7) Refused(whole[..length]);
    }

    [Fact]
    public void A_zip_without_a_pickle_is_refused() =>
        Assert.Contains("no data.pkl", Refused(ArchiveBuilder.Zip(("a/readme.txt", [1]))).Message);

    [Fact]
    public void A_zip_without_records_is_refused() => Assert.Contains("no data.pkl", Refused(ArchiveBuilder.Zip()).Message);

    [Fact]
    public void Two_records_of_one_name_are_refused()
    {
        byte[] pickle = ArchiveBuilder.OneTensor([4], [1]);
        byte[] zip = ArchiveBuilder.Zip(("a/data.pkl", pickle), ("a/data/0", FourFloats), ("a/data/0", FourFloats));
        Assert.Contains("two records of this name", Refused(zip).Message);
        Assert.Contains("two pickles", Refused(ArchiveBuilder.Zip(("a/data.pkl", pickle), ("b/data.pkl", pickle))).Message);
    }

    [Fact]
    public void A_compressed_record_is_refused_before_it_is_unpacked()
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("a/data.pkl", CompressionLevel.Optimal).Open();
            entry.Write(new byte[100_000_000]);
        }
        Assert.Contains("is compressed", Refused(stream.ToArray()).Message);
    }

    [Fact]
    public void A_record_longer_than_the_file_is_refused()
    {
        byte[] zip = ArchiveBuilder.Torch(ArchiveBuilder.OneTensor([4], [1]), FourFloats);
        int central = zip.AsSpan().IndexOf("PK\x01\x02"u8);
        BitConverter.GetBytes(0x7fffffff).CopyTo(zip, central + 20);
        BitConverter.GetBytes(0x7fffffff).CopyTo(zip, central + 24);
        Assert.Contains("beyond the end of the file", Refused(zip).Message);
    }

    [Fact]
    public void A_stored_zip_of_another_writer_is_read()
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in new[] { ("m/data.pkl", ArchiveBuilder.OneTensor([4], [1])), ("m/data/0", FourFloats) })
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }
        using CheckpointContent content = CheckpointReader.Read(folder.File("other.pt", stream.ToArray()));
        Assert.Equal([1f, 2, 3, 4], content.Items[0].Tensor.data<float>().ToArray());
    }

    [Fact]
    public void Another_byte_order_is_refused()
    {
        byte[] zip = ArchiveBuilder.Zip(
            ("a/data.pkl", ArchiveBuilder.OneTensor([4], [1])), ("a/data/0", FourFloats), ("a/byteorder", "big"u8.ToArray()));
        Assert.Contains("byte order is 'big'", Refused(zip).Message);
    }

    [Fact]
    public void A_hostile_pickle_in_an_archive_is_refused_with_the_file_and_the_place()
    {
        ModelFormatException exception = Refused(ArchiveBuilder.Torch(new PickleBuilder().Call("os", "system", "echo hacked").End()));
        Assert.Equal("data.pkl, byte 2", exception.Position);
        PickleReport report = CheckpointReader.Inspect(exception.File!);
        Assert.False(report.IsSafe);
    }

    [Fact]
    public void Files_of_other_kinds_are_refused_by_what_they_are()
    {
        Assert.Contains("web page", Refused("<!DOCTYPE html><html>"u8.ToArray()).Message);
        Assert.Contains("Git LFS", Refused("version https://git-lfs.github.com/spec/v1\n"u8.ToArray()).Message);
        Assert.Contains("bare pickle", Refused(new PickleBuilder().Op(PickleOpcode.NONE).End()).Message);
        Assert.Contains("neither", Refused("nc: 80\n"u8.ToArray()).Message);
        Assert.Contains("empty", Refused([]).Message);
        byte[] nothing = new PickleBuilder().Op(PickleOpcode.EMPTY_DICT).End();
        Assert.Contains("neither a model nor a state dict", Refused(ArchiveBuilder.Torch(nothing)).Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        Assert.Contains("no such file", Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("none.pt"))).Message);
        Assert.Contains("a folder", Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("."))).Message);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state_dict")]
    public void A_state_dict_inside_a_dictionary_is_found(string key)
    {
        byte[] pickle = new PickleBuilder().Op(PickleOpcode.EMPTY_DICT).Text("epoch").Int(3).Op(PickleOpcode.SETITEM)
            .Text(key).Op(PickleOpcode.EMPTY_DICT).Text("w").Tensor([4], [1]).Op(PickleOpcode.SETITEM, PickleOpcode.SETITEM).End();
        using CheckpointContent content = CheckpointReader.Read(folder.File("nested.pt", ArchiveBuilder.Torch(pickle, FourFloats)));
        Assert.Equal(CheckpointKind.StateDict, content.Kind);
        Assert.Equal("w", Assert.Single(content.Items).Name);
        Assert.Equal(3L, content.Extras["epoch"]);
    }

    [Fact]
    public void The_format_before_torch_1_6_is_read()
    {
        using CheckpointContent content = CheckpointReader.Read(folder.File("old.pt", Legacy(FourFloats)));
        Assert.Equal([1f, 2, 3, 4], content.Items[0].Tensor.data<float>().ToArray());
        Assert.Contains("cut short", Refused(Legacy(FourFloats)[..^1]).Message);
        Assert.Contains("byte order", Refused(Legacy(FourFloats, littleEndian: false)).Message);
    }

    private static byte[] Legacy(byte[] storage, bool littleEndian = true)
    {
        byte[] magic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] system = new PickleBuilder().Op(PickleOpcode.EMPTY_DICT).Text("little_endian")
            .Op(littleEndian ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE, PickleOpcode.SETITEM).End();
        byte[] keys = new PickleBuilder().Op(PickleOpcode.EMPTY_LIST).Text("0").Op(PickleOpcode.APPEND).End();
        return
        [
            .. magic, .. new PickleBuilder().Int(1001).End(), .. system, .. ArchiveBuilder.OneTensor([4], [1]), .. keys,
            .. BitConverter.GetBytes((long)storage.Length / 4), .. storage,
        ];
    }

    [Fact]
    public void A_model_whose_modules_contain_each_other_is_refused()
    {
        PickleDictionary children = new() { IsOrderedDict = true };
        PickleDictionary state = [];
        state.Set("_modules", children);
        PickleObject module = new(new("torch.nn.modules.container", "Sequential"), PickleTuple.Empty) { State = state };
        children.Set("0", module);
        children.Set("1", module);
        PickleDictionary root = [];
        root.Set("model", module);
        byte[] zip = ArchiveBuilder.Torch(PickleWriter.ToBytes(root));
        Assert.Contains("nested deeper than the limit of 64", Refused(zip).Message);
    }

    [Fact]
    public void Settings_that_repeat_themselves_are_refused_at_the_limit()
    {
        // Each list holds the one before twice: 2^60 values, were they all made.
        PickleList list = [];
        for (int i = 0; i < 60; i++)
        {
            PickleList next = [];
            next.Add(list);
            next.Add(list);
            list = next;
        }
        TorchArchiveWriter writer = new();
        PickleDictionary root = [];
        using torch.Tensor tensor = torch.ones(2);
        root.Set("w", writer.Add(tensor));
        root.Set("laughs", list);
        writer.Write(folder.File("laughs.pt"), root);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("laughs.pt")));
        Assert.Contains("more values than the limit", exception.Message);
    }

    [Fact]
    public void Nan_and_infinity_are_reported_by_name()
    {
        using torch.Tensor fine = torch.ones(3);
        using torch.Tensor bad = torch.tensor(new[] { 1f, float.NaN });
        using torch.Tensor half = torch.full([2], double.PositiveInfinity, torch.ScalarType.Float16);
        using torch.Tensor brain = half.to(torch.ScalarType.BFloat16);
        using torch.Tensor wide = torch.tensor(new[] { double.MaxValue, double.NegativeInfinity });
        using torch.Tensor counter = torch.tensor(long.MaxValue);
        (string Name, torch.Tensor Tensor)[] items =
            [("fine", fine), ("bad", bad), ("half", half), ("brain", brain), ("wide", wide), ("counter", counter)];
        StateDictFile.Write(folder.File("nan.pt"), items.Select(item => KeyValuePair.Create(item.Name, item.Tensor)));
        using CheckpointContent content = CheckpointReader.Read(folder.File("nan.pt"));
        Assert.Equal(["bad", "half", "brain", "wide"], content.NonFiniteItems());
    }

    [Fact]
    public void Class_numbers_with_gaps_are_refused()
    {
        PickleDictionary names = [];
        names.Set(0L, "a");
        names.Set(2L, "b");
        PickleDictionary state = [];
        state.Set("_modules", new PickleDictionary());
        state.Set("names", names);
        PickleDictionary root = [];
        root.Set("model", new PickleObject(new("ultralytics.nn.tasks", "DetectionModel"), PickleTuple.Empty) { State = state });
        Assert.Contains("class numbers are not 0 to 1", Refused(ArchiveBuilder.Torch(PickleWriter.ToBytes(root))).Message);
    }
}
