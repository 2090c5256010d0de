using System.Buffers.Binary;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>The calls of a checkpoint that are evaluated, each as plain data. Everything else stays an inert object.</summary>
internal sealed class PickleCalls(PickleLimits limits)
{
    private long spent;

    public delegate ModelFormatException FailureFactory(string message, string? remedy = null);

    /// <summary>Evaluates a known call; false where the name is not one of them.</summary>
    public bool TryEvaluate(PickleGlobal global, PickleTuple arguments, FailureFactory failure, out object? result)
    {
        result = (global.Module, global.Name) switch
        {
            ("collections", "OrderedDict") => Dictionary(arguments, ordered: true, failure),
            ("builtins" or "__builtin__", "dict") => Dictionary(arguments, ordered: false, failure),
            ("builtins" or "__builtin__", "set" or "frozenset") => List(arguments, isSet: true, failure),
            ("builtins" or "__builtin__", "list") => List(arguments, isSet: false, failure),
            ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => Tensor(arguments, failure),
            ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state") => Parameter(arguments, failure),
            ("torch.nn.parameter", "Parameter") when arguments is [PickleTensor, ..] => Parameter(arguments, failure),
            ("torch._tensor", "_rebuild_from_type_v2") => FromType(arguments, failure),
            ("torch", "Size") => Size(arguments, failure),
            ("torch", "device") => Device(arguments),
            ("_codecs", "encode") => Encode(arguments, failure),
            ("numpy.core.multiarray" or "numpy._core.multiarray", "scalar") => Scalar(arguments, failure),
            ("torch._utils", _) => throw failure(
                $"the tensor is of a kind that is not supported ({global.Name}).", "Save the model with dense CPU tensors."),
            _ => this,
        };
        if (!ReferenceEquals(result, this)) return true;
        result = null;
        return false;
    }

    /// <summary>Copies and encodings cost memory that the file does not pay for, so they share one budget.</summary>
    private void Spend(long bytes, FailureFactory failure)
    {
        spent += bytes;
        if (spent > limits.MaxTotalBytes)
        {
            throw failure($"the calls of the pickle make more than the limit of {limits.MaxTotalBytes} bytes.");
        }
    }

    private PickleDictionary Dictionary(PickleTuple arguments, bool ordered, FailureFactory failure)
    {
        PickleDictionary dictionary = new() { IsOrderedDict = ordered };
        if (arguments.Count == 0) return dictionary;
        if (arguments.Count > 1 || arguments[0] is not (PickleList or PickleTuple))
        {
            throw failure("a dictionary is made from something else than pairs.");
        }
        IReadOnlyList<object?> pairs = (IReadOnlyList<object?>)arguments[0]!;
        Spend(pairs.Count * 64L, failure);
        foreach (object? item in pairs)
        {
            IReadOnlyList<object?>? pair = item as IReadOnlyList<object?>;
            if (pair is not { Count: 2 } || pair[0] is not (string or long))
            {
                throw failure("a dictionary is made from something else than pairs.");
            }
            if (pair[0] is string key && key.Length > limits.MaxKeyLength)
            {
                throw failure($"a key is longer than the limit of {limits.MaxKeyLength}.");
            }
            dictionary.Set(pair[0]!, pair[1]);
        }
        return dictionary;
    }

    private PickleList List(PickleTuple arguments, bool isSet, FailureFactory failure)
    {
        PickleList list = new() { IsSet = isSet };
        if (arguments.Count == 0) return list;
        if (arguments.Count > 1 || arguments[0] is not IReadOnlyList<object?> items)
        {
            throw failure("a set is made from something else than a list.");
        }
        Spend(items.Count * 16L, failure);
        foreach (object? item in items) list.Add(item);
        return list;
    }

    private PickleTensor Tensor(PickleTuple arguments, FailureFactory failure)
    {
        if (arguments.Count < 4 || arguments[0] is not PickleStorage storage || arguments[1] is not long offset
            || Integers(arguments[2], failure) is not { } shape || Integers(arguments[3], failure) is not { } strides)
        {
            throw failure("a tensor is not described by its storage, offset, shape and strides.");
        }
        return new(storage, offset, shape, strides, arguments.Count > 4 && arguments[4] is true);
    }

    private long[]? Integers(object? value, FailureFactory failure)
    {
        if (value is not PickleTuple tuple) return null;
        Spend(tuple.Count * 8L, failure);
        long[] numbers = new long[tuple.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (tuple[i] is not long number) return null;
            numbers[i] = number;
        }
        return numbers;
    }

    private static PickleTensor Parameter(PickleTuple arguments, FailureFactory failure)
    {
        if (arguments.Count < 1 || arguments[0] is not PickleTensor tensor)
        {
            throw failure("a parameter is made from something else than a tensor.");
        }
        return tensor with { RequiresGrad = arguments.Count < 2 || arguments[1] is true, IsParameter = true };
    }

    /// <summary>A tensor with attributes of its own: (function, class, arguments, state); the attributes are left aside.</summary>
    private object? FromType(PickleTuple arguments, FailureFactory failure)
    {
        if (arguments.Count >= 3 && arguments[0] is PickleGlobal { Module: "torch._utils" } function && arguments[2] is PickleTuple inner
            && TryEvaluate(function, inner, failure, out object? result))
        {
            return result;
        }
        throw failure("a tensor's subclass is rebuilt by something else than torch's own functions.");
    }

    private static PickleTuple Size(PickleTuple arguments, FailureFactory failure) =>
        arguments.Count == 1 && arguments[0] is PickleTuple size
            ? size
            : throw failure("torch.Size is made from something else than a tuple.");

    private static string Device(PickleTuple arguments) => arguments switch
    {
        { Count: 2 } when arguments[0] is string type && arguments[1] is long index => FormattableString.Invariant($"{type}:{index}"),
        { Count: 1 } when arguments[0] is string type => type,
        _ => "cpu",
    };

    private byte[] Encode(PickleTuple arguments, FailureFactory failure)
    {
        if (arguments.Count != 2 || arguments[0] is not string text || arguments[1] is not "latin1")
        {
            throw failure("a byte string is not encoded as latin1.");
        }
        Spend(text.Length, failure);
        return Encoding.Latin1.GetBytes(text);
    }

    private static object Scalar(PickleTuple arguments, FailureFactory failure)
    {
        if (arguments.Count == 2 && arguments[0] is PickleObject { Type: { Module: "numpy", Name: "dtype" } } dtype
            && dtype.Arguments.Count > 0 && dtype.Arguments[0] is string code && arguments[1] is byte[] bytes)
        {
            bool big = dtype.State is PickleTuple { Count: > 1 } state && state[1] is ">";
            if (big) bytes = [.. Enumerable.Reverse(bytes)];
            object? value = (code.TrimStart('<', '>', '=', '|'), bytes.Length) switch
            {
                ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
                ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
                ("u8", 8) => (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
                ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
                ("u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                ("i1", 1) => (long)(sbyte)bytes[0],
                ("u1", 1) => (long)bytes[0],
                ("b1", 1) => bytes[0] != 0,
                _ => null,
            };
            if (value is not null) return value;
        }
        throw failure("a numpy number is of a type that is not supported.");
    }
}
