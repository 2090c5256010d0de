using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// What a pickle holds, collected while it is read. Given one, <see cref="PickleReader"/> inspects: what it would otherwise refuse for
/// running code is written down in <see cref="Findings"/> and read on as an inert object. Limits and damage still end the reading.
/// </summary>
internal sealed class PickleReport
{
    private const int MostFindings = 10_000;
    private const int MostTensors = 200_000;

    private readonly Dictionary<PickleOpcode, int> opcodes = [];
    private readonly Dictionary<PickleGlobal, int> globals = [];
    private readonly List<PickleTensor> tensors = [];
    private readonly List<PickleFinding> findings = [];

    /// <summary>How often each opcode occurs.</summary>
    public IReadOnlyDictionary<PickleOpcode, int> Opcodes => opcodes;

    /// <summary>The classes and functions named, in the order of their first occurrence, and how often.</summary>
    public IReadOnlyDictionary<PickleGlobal, int> Globals => globals;

    /// <summary>The tensors described, in the order of the file; of very many the first 200,000.</summary>
    public IReadOnlyList<PickleTensor> Tensors => tensors;

    /// <summary>
    /// What a reader that runs pickles would have executed, and what only differs from how pickles are written; of very many the first
    /// 10,000.
    /// </summary>
    public IReadOnlyList<PickleFinding> Findings => findings;

    /// <summary>True where the pickle can be read as data.</summary>
    public bool IsSafe => findings.TrueForAll(finding => finding.IsSuspicion);

    /// <summary>The first thing that a reader refuses though it runs nothing, with its place; null where there is none.</summary>
    internal string? Refusal { get; private set; }

    internal void Refuse(ModelFormatException reason) => Refusal ??= reason.Message;

    internal void Count(PickleOpcode opcode) => opcodes[opcode] = opcodes.GetValueOrDefault(opcode) + 1;

    internal void Count(PickleGlobal global) => globals[global] = globals.GetValueOrDefault(global) + 1;

    internal void Add(PickleTensor tensor)
    {
        if (tensors.Count < MostTensors) tensors.Add(tensor);
    }

    internal void Add(PickleFinding finding)
    {
        if (findings.Count < MostFindings) findings.Add(finding);

        // Suspicions must not fill the list before the one thing that would run.
        else if (!finding.IsSuspicion && IsSafe) findings[^1] = finding;
    }
}
