namespace YoloTune.Files.Torch;

/// <summary>
/// What an inspection notes although it runs nothing: pickles that no writer of Python writes, made to mislead those who look at them.
/// </summary>
internal sealed partial class PickleReader
{
    /// <summary>Classes whose instances are filled by key.</summary>
    private static readonly HashSet<string> DictionaryNames =
        ["collections.defaultdict", "collections.OrderedDict", "collections.Counter", "builtins.dict", "__builtin__.dict"];

    private static readonly HashSet<string> OtherTensors =
    [
        "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor", "_rebuild_qtensor", "_rebuild_nested_tensor",
        "_rebuild_meta_tensor_no_storage",
        "_rebuild_wrapper_subclass", "_rebuild_device_tensor_from_numpy", "_rebuild_device_tensor_from_cpu_tensor",
    ];

    private long frameEnd = -1;

    private void Suspect(string reason, PickleGlobal? global = null) =>
        report!.Add(new PickleFinding(opcodeAt, opcode, global, reason) { IsSuspicion = true });

    private void Frame(ulong length)
    {
        if (report is null) return;
        if (frameEnd >= 0) Suspect("a frame begins inside another.");
        if (length > (ulong)Math.Max(input.Remaining, 0))
            Suspect($"a frame of {length} bytes is announced where only {input.Remaining} are left.");
        else frameEnd = input.Position + (long)length;
    }

    /// <summary>
    /// A frame ends between two opcodes. One that does not is read differently by readers that follow frames and those that do not.
    /// </summary>
    private void CheckFrame()
    {
        if (frameEnd < 0 || input.Position < frameEnd) return;
        if (input.Position > frameEnd) Suspect("a frame ends in the middle of an opcode.");
        frameEnd = -1;
    }

    private void CheckEnd()
    {
        if (frameEnd >= 0 && input.Position != frameEnd) Suspect("the pickle ends before its frame does.");
        if (stack.Count > 0) Suspect($"the pickle leaves {stack.Count} values behind that belong to nothing.");
    }

    /// <summary>
    /// Whether an instance is one of a dictionary's subclass, as far as a name can tell. Setting items in anything else corrupts memory in
    /// some versions of torch (CVE-2026-24747).
    /// </summary>
    private static bool LooksLikeADictionary(PickleObject instance) => DictionaryNames.Contains(instance.Type.ToString())
        || instance.Type.ClassName.EndsWith("Dict", StringComparison.OrdinalIgnoreCase)
        || instance.Type.ClassName.EndsWith("Map", StringComparison.OrdinalIgnoreCase)
        || instance.Type.ClassName.EndsWith("Namespace", StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes items that are set in, or appended to, what takes none; true where that was noted and reading goes on.</summary>
    private bool IsMisuse(object? target, bool byKey)
    {
        if (report is null) return false;
        if (target is PickleObject instance && (!byKey || LooksLikeADictionary(instance))) return false;
        if (byKey ? target is PickleDictionary : target is PickleList) return false;
        string reason = $"{Describe(target)} stands where a {(byKey ? "dictionary" : "list")} belongs.";
        if (target is PickleObject unknown) Suspect(reason, unknown.Type);
        else Refuse(null, reason);
        return true;
    }

    /// <summary>The calls that rebuild tensors of kinds that are not read here; naming them is honest all the same.</summary>
    private static bool IsOtherTensor(PickleGlobal global) => global.Module == "torch._utils" && OtherTensors.Contains(global.Name);

    /// <summary>What STACK_GLOBAL takes as a name. Python refuses what is no text; readers that guess go wrong there.</summary>
    private string NameOperand(string expected)
    {
        object? value = Pop();
        if (value is string text) return text;
        if (report is null) throw Failure($"{Describe(value)} stands where {expected} belongs.");
        Refuse(null, $"{Describe(value)} stands where {expected} belongs.");
        return value is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : "?";
    }
}
