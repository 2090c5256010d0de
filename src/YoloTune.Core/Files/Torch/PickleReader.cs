using System.Globalization;
using System.Numerics;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// Reads Python's pickle format, protocols 2 to 5, as data. It is a stack machine that runs nothing: classes are names, instances are
/// <see cref="PickleObject"/>s, and only the calls a checkpoint needs (OrderedDict, set, torch's tensors and parameters, numpy's
/// scalars) are evaluated. Values are null, bool, long, <see cref="BigInteger"/>, double, string, byte[], and this
/// namespace's Pickle types.
/// </summary>
/// <remarks>Source: the opcode documentation of Python's own pickletools.</remarks>
internal sealed partial class PickleReader
{
    private readonly PickleInput input;
    private readonly PickleLimits limits;
    private readonly PickleReport? report;
    private readonly PickleCalls calls;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];
    private long begin;
    private long opcodeAt;
    private PickleOpcode opcode;

    internal PickleReader(PickleInput input, PickleLimits limits, PickleReport? report)
    {
        this.input = input;
        this.limits = limits;
        this.report = report;
        calls = new(limits);
    }

    /// <summary>Reads the first pickle of these bytes.</summary>
    /// <param name="pickle">The bytes, from PROTO to STOP.</param>
    /// <param name="file">The file they come from, for messages.</param>
    /// <param name="limits">What it may cost; null for <see cref="PickleLimits.Default"/>.</param>
    /// <param name="report">Given one, inspects instead of refusing what would run code.</param>
    /// <exception cref="ModelFormatException">The pickle is damaged, exceeds a limit, or would run code.</exception>
    public static object? Read(byte[] pickle, string? file = null, PickleLimits? limits = null, PickleReport? report = null)
    {
        limits ??= PickleLimits.Default;
        PickleInput input = PickleInput.Of(pickle, file);
        if (pickle.LongLength > limits.MaxTotalBytes) throw TooLong(input, limits);
        return new PickleReader(input, limits, report).Read();
    }

    internal static ModelFormatException TooLong(PickleInput input, PickleLimits limits) =>
        input.Failure($"the pickle is longer than the limit of {limits.MaxTotalBytes} bytes.", input.Position);

    /// <summary>The storages named so far, by key.</summary>
    internal Dictionary<string, PickleStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>What the file has described before this pickle, by the key that stands for it: tensors and storages of torch 0.1.</summary>
    internal IReadOnlyDictionary<string, object>? Known { get; init; }

    internal object? Read()
    {
        begin = input.Position;
        for (int count = 1; ; count++)
        {
            opcodeAt = input.Position;
            opcode = (PickleOpcode)input.ReadByte();
            if (count > limits.MaxOpcodes) throw Failure($"the pickle has more opcodes than the limit of {limits.MaxOpcodes}.");
            if (opcodeAt - begin > limits.MaxTotalBytes) throw TooLong(input, limits);
            if (Enum.IsDefined(opcode)) report?.Count(opcode);
            if (opcode == PickleOpcode.STOP)
            {
                object? value = Pop();
                if (report is not null) CheckEnd();
                return value;
            }
            if (!Literal() && !Container() && !Memo()) Instance();
            if (report is not null) CheckFrame();
        }
    }

    private bool Literal()
    {
        switch (opcode)
        {
            case PickleOpcode.PROTO:
                int protocol = input.ReadByte();
                if (report is not null && opcodeAt != begin) Suspect("the protocol is given again in the middle of the pickle.");
                if (protocol is < 2 or > 5)
                {
                    ModelFormatException failure = Failure($"pickle protocol {protocol} is not supported; 2 to 5 are.");
                    if (protocol > 5 || report is null) throw failure;
                    report.Refuse(failure);
                }
                return true;
            case PickleOpcode.FRAME: Frame(input.ReadUInt64()); return true;
            case PickleOpcode.NONE: stack.Add(null); return true;
            case PickleOpcode.NEWTRUE: stack.Add(true); return true;
            case PickleOpcode.NEWFALSE: stack.Add(false); return true;
            case PickleOpcode.BININT: stack.Add((long)input.ReadInt32()); return true;
            case PickleOpcode.BININT1: stack.Add((long)input.ReadByte()); return true;
            case PickleOpcode.BININT2: stack.Add((long)input.ReadUInt16()); return true;
            case PickleOpcode.LONG1: PushInteger(input.ReadByte()); return true;
            case PickleOpcode.LONG4: PushInteger(input.ReadUInt32()); return true;
            case PickleOpcode.BINFLOAT: stack.Add(input.ReadDouble()); return true;
            case PickleOpcode.SHORT_BINSTRING: PushText(input.ReadByte(), Encoding.Latin1); return true;
            case PickleOpcode.BINSTRING: PushText(input.ReadUInt32(), Encoding.Latin1); return true;
            case PickleOpcode.SHORT_BINUNICODE: PushText(input.ReadByte(), Encoding.UTF8); return true;
            case PickleOpcode.BINUNICODE: PushText(input.ReadUInt32(), Encoding.UTF8); return true;
            case PickleOpcode.BINUNICODE8: PushText(input.ReadUInt64(), Encoding.UTF8); return true;
            case PickleOpcode.SHORT_BINBYTES: PushBytes(input.ReadByte()); return true;
            case PickleOpcode.BINBYTES: PushBytes(input.ReadUInt32()); return true;
            case PickleOpcode.BINBYTES8 or PickleOpcode.BYTEARRAY8: PushBytes(input.ReadUInt64()); return true;
            default: return false;
        }
    }

    private void PushInteger(uint length)
    {
        BigInteger value = new(input.Read(length, limits.MaxIntegerBytes));
        stack.Add(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushText(ulong length, Encoding encoding) => stack.Add(encoding.GetString(input.Read(length, limits.MaxStringBytes)));

    private void PushBytes(ulong length) => stack.Add(input.Read(length, limits.MaxStringBytes));

    private bool Memo()
    {
        switch (opcode)
        {
            case PickleOpcode.BINPUT: Put(input.ReadByte()); return true;
            case PickleOpcode.LONG_BINPUT: Put(input.ReadUInt32()); return true;
            case PickleOpcode.MEMOIZE: Put(memo.Count); return true;
            case PickleOpcode.BINGET: Get(input.ReadByte()); return true;
            case PickleOpcode.LONG_BINGET: Get(input.ReadUInt32()); return true;
            case PickleOpcode.PUT: Put(ReadDecimal()); return true;
            case PickleOpcode.GET: Get(ReadDecimal()); return true;
            default: return false;
        }
    }

    private long ReadDecimal()
    {
        string text = input.ReadLine(20);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Failure($"'{text}' is not a place in the memo.");
    }

    private void Put(long place)
    {
        // Writers count up from 0 or 1; a wide range of places would also let a file choose keys that collide.
        if (place >= limits.MaxMemo) throw Failure($"the memo has more entries than the limit of {limits.MaxMemo}.");
        memo[place] = Peek();
    }

    private void Get(long place)
    {
        if (!memo.TryGetValue(place, out object? value)) throw Failure($"entry {place} of the memo is used but never filled.");
        stack.Add(value);
    }

    private object? Peek()
    {
        if (stack.Count <= Floor) throw Failure("the stack is empty.");
        return stack[^1];
    }

    private object? Pop()
    {
        object? value = PopCallee();
        RequireValue(value);
        return value;
    }

    private object? PopCallee()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    /// <summary>
    /// getattr may be called, which <see cref="MethodOf"/> does; as a value it could be handed to something that calls it.
    /// </summary>
    private void RequireValue(object? value)
    {
        if (value is PickleGlobal { IsGetattr: true } getattr)
            Refuse(getattr, $"it uses {getattr} for more than a method of its own objects.");
    }

    private T Pop<T>(string expected)
        where T : class
    {
        object? value = Pop();
        return value as T ?? throw Failure($"{Describe(value)} stands where {expected} belongs.");
    }

    /// <summary>A value below the last mark belongs to what was begun before it.</summary>
    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private int PopMark()
    {
        if (marks.Count == 0) throw Failure("a mark is used but none is set.");
        int mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return mark;
    }

    private void PushContainer(PickleContainer container)
    {
        CheckDepth(container);
        stack.Add(container);
    }

    private void CheckDepth(PickleContainer container)
    {
        if (container.Depth > limits.MaxDepth) throw Failure($"values are nested deeper than the limit of {limits.MaxDepth}.");
    }

    private ModelFormatException Failure(string message, string? remedy = null) => input.Failure(message, opcodeAt, remedy);

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleObject instance => $"an instance of {instance.Type}",
        PickleGlobal global => $"the name {global}",
        PickleTensor => "a tensor",
        PickleTuple => "a tuple",
        PickleList => "a list",
        PickleDictionary => "a dictionary",
        string => "a string",
        byte[] => "a byte string",
        bool => "a truth value",
        _ => "a number",
    };
}
