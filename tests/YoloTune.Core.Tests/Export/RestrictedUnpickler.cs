using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace YoloTune.Tests.Export;

/// <summary>
/// Reads the pickle of a torch file with code of its own, so that what our writer makes is not judged by our reader alone. It knows the
/// opcodes of Python's protocol 2 and the few calls a model file may make; all else fails.
/// </summary>
internal sealed class RestrictedUnpickler
{
    private static readonly object Mark = new();
    private readonly byte[] bytes;
    private readonly Stack<object?> stack = new();
    private readonly Dictionary<int, object?> memo = [];
    private int position;

    private RestrictedUnpickler(byte[] bytes) => this.bytes = bytes;

    /// <summary>The root object of a file, and its records by name without the top folder.</summary>
    public static (PythonDictionary Root, IReadOnlyDictionary<string, byte[]> Records) Read(string path)
    {
        Dictionary<string, byte[]> records = [];
        using ZipArchive archive = ZipFile.OpenRead(path);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using MemoryStream content = new();
            using (Stream stream = entry.Open()) stream.CopyTo(content);
            records[entry.FullName[(entry.FullName.IndexOf('/') + 1)..]] = content.ToArray();
        }
        return ((PythonDictionary)new RestrictedUnpickler(records["data.pkl"]).Run()!, records);
    }

    private object? Run()
    {
        while (true)
        {
            byte opcode = bytes[position++];
            if (opcode == '.') return stack.Single();
            Step((char)opcode, opcode);
        }
    }

    private void Step(char opcode, byte code)
    {
        switch (opcode)
        {
            case '(': stack.Push(Mark); break;
            case 'N': stack.Push(null); break;
            case 'K': stack.Push((long)bytes[position++]); break;
            case 'M': stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 'J': stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 'G': stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 'X': stack.Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))))); break;
            case 'c': stack.Push(new Name($"{Line()}.{Line()}")); break;
            case ']': stack.Push(new List<object?>()); break;
            case '}': stack.Push(new PythonDictionary()); break;
            case ')': stack.Push(Array.Empty<object?>()); break;
            case 't': stack.Push(PopToMark()); break;
            case 'q': memo[bytes[position++]] = stack.Peek(); break;
            case 'r': memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))] = stack.Peek(); break;
            case 'h': stack.Push(memo[bytes[position++]]); break;
            case 'j': stack.Push(memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))]); break;
            case 'e':
                object?[] items = PopToMark();
                ((List<object?>)stack.Peek()!).AddRange(items);
                break;
            case 'a':
                object? item = stack.Pop();
                ((List<object?>)stack.Peek()!).Add(item);
                break;
            case 's':
                (object? value, object? key) = (stack.Pop(), stack.Pop());
                ((PythonDictionary)stack.Peek()!).Add(new(key!, value));
                break;
            case 'u':
                object?[] pairs = PopToMark();
                PythonDictionary dictionary = (PythonDictionary)stack.Peek()!;
                for (int i = 0; i < pairs.Length; i += 2) dictionary.Add(new(pairs[i]!, pairs[i + 1]));
                break;
            case 'Q': stack.Push(Storage((object?[])stack.Pop()!)); break;
            case 'R': Call(); break;
            case 'b': Build(); break;
            case (char)0x80: Assert(bytes[position++] == 2, "protocol 2"); break;
            case (char)0x81:
                object?[] arguments = (object?[])stack.Pop()!;
                stack.Push(new PythonObject(((Name)stack.Pop()!).Path, arguments));
                break;
            case (char)0x85: Tuple(1); break;
            case (char)0x86: Tuple(2); break;
            case (char)0x87: Tuple(3); break;
            case (char)0x88: stack.Push(true); break;
            case (char)0x89: stack.Push(false); break;
            default: throw new InvalidDataException($"opcode 0x{code:x2} at {position - 1}");
        }
    }

    private void Call()
    {
        object?[] a = (object?[])stack.Pop()!;
        string function = ((Name)stack.Pop()!).Path;
        stack.Push(function switch
        {
            "collections.OrderedDict" when a.Length == 0 => new PythonDictionary(),
            "__builtin__.set" => new HashSet<object?>((List<object?>)a[0]!),
            "torch._utils._rebuild_parameter" => (PythonTensor)a[0]! with { IsParameter = true, RequiresGrad = (bool)a[1]! },
            "torch._utils._rebuild_tensor_v2" => ((PythonTensor)a[0]!) with
            {
                Offset = (long)a[1]!, Shape = Longs(a[2]), Strides = Longs(a[3]), RequiresGrad = (bool)a[4]!,
            },
            "torch.Size" => a[0],
            _ => throw new InvalidDataException($"a call of {function}"),
        });
    }

    private void Build()
    {
        object? state = stack.Pop();
        PythonObject instance = (PythonObject)stack.Peek()!;
        foreach ((object key, object? value) in (PythonDictionary)state!) instance.State[(string)key] = value;
    }

    private static PythonTensor Storage(object?[] id)
    {
        Assert(id[0] is "storage", "a persistent id of a storage");
        string type = ((Name)id[1]!).Path;
        return new((string)id[2]!, type, (long)id[4]!, 0, [], [], false);
    }

    private void Tuple(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = stack.Pop();
        stack.Push(items);
    }

    private object?[] PopToMark()
    {
        List<object?> items = [];
        for (object? item = stack.Pop(); !ReferenceEquals(item, Mark); item = stack.Pop()) items.Add(item);
        items.Reverse();
        return [.. items];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> span = bytes.AsSpan(position, count);
        position += count;
        return span;
    }

    private string Line()
    {
        int end = Array.IndexOf(bytes, (byte)'\n', position);
        string text = Encoding.UTF8.GetString(bytes, position, end - position);
        position = end + 1;
        return text;
    }

    private static long[] Longs(object? tuple) => [.. ((object?[])tuple!).Select(item => (long)item!)];

    private static void Assert(bool condition, string what)
    {
        if (!condition) throw new InvalidDataException($"not {what}");
    }

    private sealed record Name(string Path);
}
