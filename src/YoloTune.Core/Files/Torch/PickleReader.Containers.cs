namespace YoloTune.Files.Torch;

internal sealed partial class PickleReader
{
    private bool Container()
    {
        switch (opcode)
        {
            case PickleOpcode.MARK:
                if (marks.Count == limits.MaxDepth) throw Failure($"values are nested deeper than the limit of {limits.MaxDepth}.");
                marks.Add(stack.Count);
                return true;
            case PickleOpcode.POP:
                if (stack.Count == Floor && marks.Count > 0) PopMark();
                else Pop();
                return true;
            case PickleOpcode.POP_MARK: TakeFromMark(); return true;
            case PickleOpcode.DUP: stack.Add(Peek()); return true;
            case PickleOpcode.EMPTY_TUPLE: stack.Add(PickleTuple.Empty); return true;
            case PickleOpcode.EMPTY_LIST: stack.Add(new PickleList()); return true;
            case PickleOpcode.EMPTY_DICT: stack.Add(new PickleDictionary()); return true;
            case PickleOpcode.EMPTY_SET: stack.Add(new PickleList { IsSet = true }); return true;
            case PickleOpcode.TUPLE: PushContainer(new PickleTuple(TakeFromMark())); return true;
            case PickleOpcode.TUPLE1: PushContainer(new PickleTuple(Pop())); return true;
            case PickleOpcode.TUPLE2: PushTuple(2); return true;
            case PickleOpcode.TUPLE3: PushTuple(3); return true;
            case PickleOpcode.LIST: PushFilled(new PickleList()); return true;
            case PickleOpcode.FROZENSET: PushFilled(new PickleList { IsSet = true }); return true;
            case PickleOpcode.DICT:
                object?[] pairs = TakeFromMark();
                stack.Add(new PickleDictionary());
                SetItems(pairs);
                return true;
            case PickleOpcode.APPEND: Append([Pop()]); return true;
            case PickleOpcode.APPENDS or PickleOpcode.ADDITEMS: Append(TakeFromMark()); return true;
            case PickleOpcode.SETITEM:
                object? value = Pop();
                SetItems([Pop(), value]);
                return true;
            case PickleOpcode.SETITEMS: SetItems(TakeFromMark()); return true;
            default: return false;
        }
    }

    private void PushTuple(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = Pop();
        PushContainer(new PickleTuple(items));
    }

    private void PushFilled(PickleList list)
    {
        foreach (object? item in TakeFromMark()) list.Add(item);
        PushContainer(list);
    }

    private object?[] TakeFromMark()
    {
        int mark = PopMark();
        object?[] items = [.. stack[mark..]];
        foreach (object? item in items) RequireValue(item);
        stack.RemoveRange(mark, items.Length);
        return items;
    }

    private void Append(object?[] items)
    {
        object? target = Peek();
        if (IsMisuse(target, byKey: false)) return;
        foreach (object? item in items)
        {
            if (target is PickleList list) list.Add(item);
            else if (target is PickleObject instance) instance.Append(item);
            else throw Failure($"{Describe(target)} stands where a list belongs.");
        }
        if (target is PickleContainer container) CheckDepth(container);
    }

    private void SetItems(object?[] pairs)
    {
        object? target = Peek();
        if (IsMisuse(target, byKey: true)) return;
        if (pairs.Length % 2 != 0) throw Failure("a dictionary has a key without a value.");
        for (int i = 0; i < pairs.Length; i += 2)
        {
            object key = pairs[i] ?? NoneKey;
            CheckKey(key);
            if (target is PickleDictionary dictionary) dictionary.Set(key, pairs[i + 1]);
            else if (target is PickleObject instance) instance.Set(key, pairs[i + 1]);
            else throw Failure($"{Describe(target)} stands where a dictionary belongs.");
        }
        if (target is PickleContainer container) CheckDepth(container);
    }

    /// <summary>None as a key: it needs a value that .NET's dictionaries take.</summary>
    private static PickleGlobal NoneKey { get; } = new("builtins", "None");

    private void CheckKey(object key)
    {
        if (key is PickleList or PickleDictionary) throw Failure($"{Describe(key)} is used as a dictionary's key.");
        if (key is string text && text.Length > limits.MaxKeyLength)
        {
            throw Failure($"a dictionary's key of {text.Length} characters is longer than the limit of {limits.MaxKeyLength}.");
        }
        if (key is not PickleTuple tuple) return;
        foreach (object? item in tuple)
        {
            if (item is string part && part.Length > limits.MaxKeyLength)
            {
                throw Failure($"a dictionary's key of {part.Length} characters is longer than the limit of {limits.MaxKeyLength}.");
            }
        }
    }
}
