using System.Numerics;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using static YoloTune.Files.Torch.PickleOpcode;

namespace YoloTune.Tests.Files;

public sealed class PickleReaderTests
{
    private static object? Read(PickleBuilder builder) => PickleReader.Read(builder.End());

    [Fact]
    public void Values_of_every_plain_kind_come_back_from_the_writer()
    {
        PickleDictionary values = new()
        {
            State = null,
        };
        values.Set("none", null);
        values.Set("yes", true);
        values.Set("small", 7L);
        values.Set("short", 300L);
        values.Set("negative", -1L);
        values.Set("wide", 1L << 40);
        values.Set("huge", BigInteger.Pow(2, 100));
        values.Set("real", -0.25);
        values.Set("text", "模型 é");
        values.Set("bytes", new byte[] { 0, 200, 255 });
        values.Set("tuple", new PickleTuple(1L, 2L, 3L, 4L));
        PickleDictionary back = Assert.IsType<PickleDictionary>(PickleReader.Read(PickleWriter.ToBytes(values)));

        Assert.Equal(values.Select(item => item.Key), back.Select(item => item.Key));
        foreach ((object key, object? value) in values)
        {
            Assert.True(back.TryGet(key, out object? read));
            Assert.Equal(value, read);
        }
    }

    [Fact]
    public void A_shared_list_is_one_list_after_a_round_trip()
    {
        PickleList shared = [];
        shared.Add(1L);
        PickleTuple back = Assert.IsType<PickleTuple>(PickleReader.Read(PickleWriter.ToBytes(new PickleTuple(shared, shared))));
        Assert.Same(back[0], back[1]);
    }

    [Fact]
    public void A_module_tree_comes_back_from_the_writer()
    {
        PickleDictionary state = [];
        state.Set("training", false);
        state.Set("_modules", new PickleDictionary { IsOrderedDict = true });
        state.Set("hidden", new PickleList { IsSet = true });
        PickleObject module = new(new("torch.nn.modules.container", "Sequential"), PickleTuple.Empty) { State = state };
        PickleObject back = Assert.IsType<PickleObject>(PickleReader.Read(PickleWriter.ToBytes(module)));
        Assert.Equal(module.Type, back.Type);
        Assert.True(back.Attributes!.Get<PickleDictionary>("_modules")!.IsOrderedDict);
        Assert.True(back.Attributes.Get<PickleList>("hidden")!.IsSet);
    }

    [Fact]
    public void Protocol_4_names_memo_and_frames_are_read()
    {
        PickleBuilder builder = new PickleBuilder(4).Op(FRAME).Raw(new byte[8])
            .Op(SHORT_BINUNICODE).Byte(11).Raw("collections"u8).Op(MEMOIZE).Op(SHORT_BINUNICODE).Byte(11).Raw("OrderedDict"u8)
            .Op(STACK_GLOBAL, MEMOIZE, EMPTY_TUPLE, REDUCE).Op(BINGET).Byte(0).Op(NONE, SETITEM);
        PickleDictionary dictionary = Assert.IsType<PickleDictionary>(Read(builder));
        Assert.True(dictionary.IsOrderedDict);
        Assert.Equal("collections", Assert.Single(dictionary).Key);
    }

    [Fact]
    public void An_unknown_class_is_an_inert_object()
    {
        PickleBuilder builder = new PickleBuilder().Global("my.private.blocks", "FancyConv")
            .Op(EMPTY_TUPLE, NEWOBJ, EMPTY_DICT).Text("c").Int(4).Op(SETITEM, BUILD);
        PickleObject instance = Assert.IsType<PickleObject>(Read(builder));
        Assert.Equal("FancyConv", instance.Type.ClassName);
        Assert.True(instance.Attributes!.TryGet("c", out object? value));
        Assert.Equal(4L, value);
    }

    [Fact]
    public void A_numpy_number_becomes_a_number()
    {
        PickleBuilder builder = new PickleBuilder().Global("numpy.core.multiarray", "scalar")
            .Global("numpy", "dtype").Text("f8").Op(NEWFALSE, NEWTRUE, TUPLE3, REDUCE)
            .Op(MARK).Int(3).Text("<").Op(NONE, NONE, NONE).Int(-1).Int(-1).Int(0).Op(TUPLE, BUILD)
            .Global("_codecs", "encode").Text("\0\0\0\0\0\0à?").Text("latin1").Op(TUPLE2, REDUCE).Op(TUPLE2, REDUCE);
        Assert.Equal(0.5, Read(builder));
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("__builtin__", "eval")]
    [InlineData("__builtin__", "__import__")]
    [InlineData("builtins", "print")]
    [InlineData("subprocess", "Popen")]
    [InlineData("subprocess", "check_output")]
    [InlineData("runpy", "_run_code")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch", "load")]
    [InlineData("torch.utils.cpp_extension", "load_inline")]
    [InlineData("functools", "partial")]
    [InlineData("operator", "attrgetter")]
    [InlineData("types", "CodeType")]
    [InlineData("pickle", "loads")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("torch", "serialization.os.system")]
    [InlineData("ultralytics.utils.downloads", "safe_download")]
    [InlineData("__main__", "run")]
    [InlineData("", "")]
    public void A_call_that_would_run_code_is_refused_by_name_and_place(string module, string name)
    {
        byte[] pickle = new PickleBuilder().Call(module, name, "echo hacked").End();
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle, "evil.pt"));
        Assert.Contains($"{module}.{name}", exception.Message);
        Assert.Contains("would run code", exception.Message);
        Assert.Equal("evil.pt", exception.File);
        Assert.Matches("^pickle, byte [0-9]+$", exception.Position);
    }

    [Fact]
    public void A_dangerous_name_is_refused_even_where_nothing_calls_it()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Read(new PickleBuilder().Global("os", "system")));
        Assert.Equal("pickle, byte 2", exception.Position);
    }

    [Fact]
    public void A_dangerous_name_in_protocol_4_is_refused()
    {
        PickleBuilder builder = new PickleBuilder(4).Text("posix").Text("system").Op(STACK_GLOBAL);
        Assert.Contains("posix.system", Assert.Throws<ModelFormatException>(() => Read(builder)).Message);
    }

    [Fact]
    public void Calling_an_instance_is_refused()
    {
        PickleBuilder builder = new PickleBuilder().Global("a", "B").Op(EMPTY_TUPLE, NEWOBJ, EMPTY_TUPLE, REDUCE);
        Assert.Contains("calls an instance of a.B", Assert.Throws<ModelFormatException>(() => Read(builder)).Message);
    }

    [Theory]
    [InlineData(INST)]
    [InlineData(OBJ)]
    [InlineData(EXT1)]
    [InlineData(NEXT_BUFFER)]
    [InlineData(PERSID)]
    [InlineData(INT)]
    [InlineData((PickleOpcode)0xff)]
    public void An_opcode_without_a_place_in_checkpoints_is_refused(PickleOpcode opcode) =>
        Assert.Throws<ModelFormatException>(() => Read(new PickleBuilder().Op(MARK, opcode)));

    [Fact]
    public void An_inspection_goes_on_where_reading_would_stop()
    {
        PickleReport report = new();
        byte[] pickle = new PickleBuilder().Op(EMPTY_DICT).Text("x").Call("os", "system", "echo hacked").Op(SETITEM)
            .Text("w").Tensor([2, 2], [2, 1]).Op(SETITEM).End();
        Assert.IsType<PickleDictionary>(PickleReader.Read(pickle, report: report));
        Assert.False(report.IsSafe);
        Assert.Equal([GLOBAL, REDUCE], report.Findings.Select(finding => finding.Opcode));
        Assert.Equal(2, report.Findings.Count(finding => finding.Global == new PickleGlobal("os", "system")));
        Assert.Equal([2L, 2], Assert.Single(report.Tensors).Shape);
        Assert.Equal(2, report.Opcodes[SETITEM]);
        Assert.Equal(1, report.Globals[new("os", "system")]);
    }

    public static TheoryData<string, byte[]> Damaged() => new()
    {
        { "nothing", [] },
        { "no STOP", [0x80, 2] },
        { "STOP on an empty stack", new PickleBuilder().End() },
        { "protocol 9", [0x80, 9, (byte)'.'] },
        { "a mark without end", new PickleBuilder().Op(MARK).End() },
        { "a use of the mark that is not there", new PickleBuilder().Op(TUPLE).End() },
        { "a memo entry never filled", new PickleBuilder().Op(BINGET).Byte(1).End() },
        { "an append to a number", new PickleBuilder().Int(1).Int(2).Op(APPEND).End() },
        { "a key without value", new PickleBuilder().Op(EMPTY_DICT, MARK).Int(1).Op(SETITEMS).End() },
        { "a list as key", new PickleBuilder().Op(EMPTY_DICT, EMPTY_LIST, NONE, SETITEM).End() },
        { "arguments that are no tuple", new PickleBuilder().Global("a", "B").Op(NONE, REDUCE).End() },
        { "a storage id that is none", new PickleBuilder().Op(EMPTY_TUPLE, BINPERSID).End() },
        { "a state for a number", new PickleBuilder().Int(1).Op(NONE, BUILD).End() },
        { "a length beyond the end", new PickleBuilder().Op(BINUNICODE).UInt32(uint.MaxValue).End() },
        { "a 64-bit length", new PickleBuilder(4).Op(BINUNICODE8).Raw(BitConverter.GetBytes(ulong.MaxValue)).End() },
        { "a 64-bit byte count", new PickleBuilder(4).Op(BINBYTES8).Raw(BitConverter.GetBytes((ulong)long.MaxValue)).End() },
        { "a negative integer length", new PickleBuilder().Op(LONG4).UInt32(0x80000000).End() },
        { "a global without end", new PickleBuilder().Op(GLOBAL).Raw("abc"u8).End() },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_pickle_is_refused_with_its_place(string what, byte[] pickle)
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle));
        Assert.True(exception.Position is not null, what);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        PickleBuilder tuples = new PickleBuilder().Op(EMPTY_TUPLE).Op(Enumerable.Repeat(TUPLE1, 100_000).ToArray());
        Assert.Contains("deeper than the limit of 400", Assert.Throws<ModelFormatException>(() => Read(tuples)).Message);
        PickleBuilder marks = new PickleBuilder().Op(Enumerable.Repeat(MARK, 100_000).ToArray());
        Assert.Contains("deeper than the limit of 400", Assert.Throws<ModelFormatException>(() => Read(marks)).Message);
        PickleBuilder lists = new PickleBuilder().Op(
            Enumerable.Repeat(EMPTY_LIST, 100_000).Concat(Enumerable.Repeat(APPEND, 99_999)).ToArray());
        Assert.Contains("deeper than the limit of 400", Assert.Throws<ModelFormatException>(() => Read(lists)).Message);
    }

    [Fact]
    public void A_huge_memo_is_refused()
    {
        PickleBuilder builder = new PickleBuilder(4).Op(NONE).Op(Enumerable.Repeat(MEMOIZE, 1_000_001).ToArray());
        Assert.Contains("more entries than the limit of 1000000", Assert.Throws<ModelFormatException>(() => Read(builder)).Message);
    }

    [Fact]
    public void Too_many_opcodes_are_refused()
    {
        PickleBuilder builder = new PickleBuilder().Op(Enumerable.Repeat(NONE, 1001).ToArray());
        var limits = new PickleLimits { MaxOpcodes = 1000 };
        Assert.Contains(
            "limit of 1000", Assert.Throws<ModelFormatException>(() => PickleReader.Read(builder.End(), limits: limits)).Message);
    }

    [Fact]
    public void Calls_that_multiply_a_value_are_refused_at_the_memory_limit()
    {
        PickleBuilder builder = new PickleBuilder().Global("_codecs", "encode").Op(BINPUT).Byte(0).Op(POP)
            .Text(new string('x', 1 << 20)).Text("latin1").Op(TUPLE2).Op(BINPUT).Byte(1).Op(POP);
        for (int i = 0; i < 1000; i++) builder.Op(BINGET).Byte(0).Op(BINGET).Byte(1).Op(REDUCE);
        Assert.Contains("make more than the limit", Assert.Throws<ModelFormatException>(() => Read(builder)).Message);
    }

    [Fact]
    public void Keys_chosen_to_collide_cost_no_more_than_others()
    {
        // For .NET's own hash of a long, high ^ low, all of these collide, and 50 thousand would take minutes.
        PickleBuilder builder = new PickleBuilder().Op(EMPTY_DICT);
        for (long i = 0; i < 50_000; i++) builder.Int((i << 32) | i).Op(NONE, SETITEM);
        Assert.Equal(50_000, Assert.IsType<PickleDictionary>(Read(builder)).Count);
    }
}
