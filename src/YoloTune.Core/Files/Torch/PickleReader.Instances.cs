using System.Globalization;

namespace YoloTune.Files.Torch;

internal sealed partial class PickleReader
{
    private const int LongestGlobalName = 512;

    private void Instance()
    {
        switch (opcode)
        {
            case PickleOpcode.GLOBAL:
                string module = input.ReadLine(LongestGlobalName);
                PushGlobal(new(module, input.ReadLine(LongestGlobalName)));
                break;
            case PickleOpcode.STACK_GLOBAL:
                string name = NameOperand("a name");
                PushGlobal(new(NameOperand("a module's name"), name));
                break;
            case PickleOpcode.BINPERSID: stack.Add(Persistent(Pop())); break;
            case PickleOpcode.REDUCE:
                PickleTuple arguments = Pop<PickleTuple>("a tuple of arguments");
                Call(PopCallee(), arguments);
                break;
            case PickleOpcode.NEWOBJ:
                PickleTuple given = Pop<PickleTuple>("a tuple of arguments");
                New(Pop(), given);
                break;
            case PickleOpcode.NEWOBJ_EX:
                PickleDictionary named = Pop<PickleDictionary>("a dictionary of arguments");
                PickleTuple ordered = Pop<PickleTuple>("a tuple of arguments");
                New(Pop(), named.Count == 0 ? ordered : new PickleTuple(ordered, named));
                break;
            case PickleOpcode.BUILD: Build(); break;
            case var old when report is not null && Obsolete(old): break;
            case PickleOpcode.INST or PickleOpcode.OBJ or PickleOpcode.EXT1 or PickleOpcode.EXT2 or PickleOpcode.EXT4:
                throw Failure($"the opcode {opcode} makes objects in a way that checkpoints do not use.");
            case PickleOpcode.NEXT_BUFFER or PickleOpcode.READONLY_BUFFER or PickleOpcode.PERSID:
                throw Failure($"the opcode {opcode} refers to data outside the file.");
            case PickleOpcode.INT or PickleOpcode.LONG or PickleOpcode.FLOAT or PickleOpcode.STRING or PickleOpcode.UNICODE:
                throw Failure($"the opcode {opcode} belongs to pickle protocol 0, which torch never writes.");
            default:
                throw Failure($"0x{(byte)opcode:x2} is not a pickle opcode.", "The file is damaged, or it is not a checkpoint.");
        }
    }

    private void PushGlobal(PickleGlobal global)
    {
        Name(global);
        stack.Add(global);
    }

    private void Name(PickleGlobal global)
    {
        if (global.Module.Length > LongestGlobalName || global.Name.Length > LongestGlobalName)
        {
            throw Failure($"the name of a class is longer than the limit of {LongestGlobalName} characters.");
        }
        report?.Count(global);
        if (PickleGlobalPolicy.WhyDangerous(global) is { } reason) Refuse(global, $"it names {global}: {reason}.");
    }

    /// <summary>Ends the reading, or, when inspecting, writes down why it would end.</summary>
    private void Refuse(PickleGlobal? global, string reason)
    {
        if (report is null)
        {
            throw Failure(
                "the pickle would run code: " + reason,
                "Nothing of it was run. Do not load this file with Python; get the weights from a source you trust.");
        }
        report.Add(new PickleFinding(opcodeAt, opcode, global, reason));
    }

    private void Call(object? target, PickleTuple arguments)
    {
        if (target is not PickleGlobal global)
        {
            Refuse(null, $"it calls {Describe(target)}.");
            stack.Add(null);
            return;
        }
        if (report is not null && IsOtherTensor(global))
        {
            PushContainer(new PickleObject(global, arguments));
            return;
        }
        if (global.IsGetattr)
        {
            PushContainer(MethodOf(global, arguments));
            return;
        }
        if (calls.TryEvaluate(global, arguments, Failure, out object? result))
        {
            if (result is PickleTensor tensor && !tensor.IsParameter) report?.Add(tensor);
            if (result is PickleContainer container) CheckDepth(container);
            stack.Add(result);
            return;
        }

        // A name refused at GLOBAL has been reported already; the call is what makes it run, so it is reported as well.
        if (PickleGlobalPolicy.WhyNotCallable(global) is { } reason) Refuse(global, $"it calls {global}: {reason}.");
        PushContainer(new PickleObject(global, arguments));
    }

    /// <summary>
    /// A bound method, as an inert description. Names of Python's own machinery (__class__, __globals__) lead out of the object.
    /// </summary>
    private PickleObject MethodOf(PickleGlobal getattr, PickleTuple arguments)
    {
        bool isMethod = arguments is [PickleObject { Type.IsGetattr: false }, string name]
            && !name.StartsWith("__", StringComparison.Ordinal);
        if (!isMethod) Refuse(getattr, $"it calls {getattr} on something else than a method of its own objects.");
        return new(getattr, arguments);
    }

    private void New(object? target, PickleTuple arguments)
    {
        if (target is PickleGlobal global)
        {
            if (calls.TryEvaluate(global, arguments, Failure, out object? result)) stack.Add(result);
            else
            {
                if (PickleGlobalPolicy.WhyNotCallable(global) is { } reason) Refuse(global, $"it makes {global}: {reason}.");
                PushContainer(new PickleObject(global, arguments));
            }
            return;
        }
        Refuse(null, $"it makes an instance of {Describe(target)}.");
        stack.Add(null);
    }

    private void Build()
    {
        object? state = Pop();
        object? target = Peek();
        if (target is PickleTensor) return;
        if (target is not PickleContainer container)
        {
            throw Failure($"{Describe(target)} is given a state, which only an instance can have.");
        }
        if (ReferenceEquals(container, PickleTuple.Empty)) throw Failure("a tuple is given a state.");
        container.State = state;
        container.Contain(state);
        CheckDepth(container);
    }

    /// <summary>A storage; or, before torch 1.6, a module's class with the file and text of its source, which are left aside.</summary>
    private object Persistent(object? id) => id switch
    {
        PickleTuple and ["module", PickleGlobal type, ..] => type,
        PickleTuple and [PickleGlobal type, ..] when Known is not null => type,
        PickleTuple storage => Storage(storage),
        string or long when Known?.GetValueOrDefault(Convert.ToString(id, CultureInfo.InvariantCulture)!) is { } known => known,
        _ => throw Failure("a persistent id is not that of a torch storage."),
    };

    private PickleStorage Storage(PickleTuple id)
    {
        if (id.Count >= 5 && id[0] is "storage" && id[1] is PickleGlobal type
            && id[2] is string key && id[3] is string location && id[4] is long count)
        {
            if (key.Length > limits.MaxKeyLength) throw Failure($"a storage's key is longer than the limit of {limits.MaxKeyLength}.");
            PickleStorage storage = new(type, key, location, count);
            if (report is not null && Storages.TryGetValue(key, out PickleStorage? before) && before != storage)
            {
                Suspect($"the storage '{key}' is described in two ways.");
            }
            Storages[key] = storage;
            // The sixth item is a part of the storage that was a storage of its own, as torch before 0.4 had them: its key, start and
            // length.
            if (id.Count < 6 || id[5] is null) return storage;
            if (id[5] is PickleTuple and [string, long start, long part] && start >= 0 && part >= 0 && start <= count
                && part <= count - start)
            {
                return storage with { Start = start, Part = part };
            }
            throw Failure($"a view of the storage '{key}' does not lie in it.");
        }
        throw Failure("a persistent id is not that of a torch storage.");
    }
}
