namespace YoloTune.Files.Torch;

public sealed partial class PickleReader
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
                string name = Pop<string>("a name");
                PushGlobal(new(Pop<string>("a module's name"), name));
                break;
            case PickleOpcode.BINPERSID: stack.Add(Storage(Pop<PickleTuple>("a storage's id"))); break;
            case PickleOpcode.REDUCE:
                PickleTuple arguments = Pop<PickleTuple>("a tuple of arguments");
                Call(Pop(), arguments);
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

    private PickleStorage Storage(PickleTuple id)
    {
        if (id.Count >= 5 && id[0] is "storage" && id[1] is PickleGlobal type
            && id[2] is string key && id[3] is string location && id[4] is long count)
        {
            // The sixth item is a view of another storage, written by torch before 0.4 only.
            if (id.Count > 5 && id[5] is not null)
            {
                throw Failure($"the storage '{key}' is a view of another, which only torch before 0.4 wrote.");
            }
            if (key.Length > limits.MaxKeyLength) throw Failure($"a storage's key is longer than the limit of {limits.MaxKeyLength}.");
            PickleStorage storage = new(type, key, location, count);
            Storages[key] = storage;
            return storage;
        }
        throw Failure("a persistent id is not that of a torch storage.");
    }
}
