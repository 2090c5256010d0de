using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>What an inspection has found so far; it becomes the report.</summary>
internal sealed class InspectionNotes(PickleLimits limits)
{
    private const int MostFindings = 10_000;

    private readonly List<CheckpointFinding> findings = [];
    private readonly Dictionary<string, (int Count, bool IsDangerous)> globals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> opcodes = new(StringComparer.Ordinal);

    /// <summary>What reading may cost.</summary>
    public PickleLimits Limits => limits;

    /// <summary>The findings in their order.</summary>
    public IReadOnlyList<CheckpointFinding> Findings => findings;

    /// <summary>Why the file could not be read to its end; the first reason.</summary>
    public string? Problem { get; private set; }

    public List<CheckpointTensor> Tensors { get; } = [];

    public List<string> Records { get; } = [];

    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>See <see cref="CheckpointReport.UncheckedBytes"/>.</summary>
    public long UncheckedBytes { get; set; }

    /// <summary>What the file tells about its model.</summary>
    public ModelSummary Summary { get; set; } = new();

    /// <summary>Something that would run, or reach outside the file.</summary>
    public void Danger(string position, string kind, string name, string reason) => Add(new(position, kind, Cut(name), reason));

    /// <summary>Something that is not accounted for.</summary>
    public void Suspicion(string position, string kind, string name, string reason) =>
        Add(new(position, kind, Cut(name), reason) { Verdict = CheckpointVerdict.Suspicious });

    /// <summary>Why the file cannot be read to its end.</summary>
    public void Fail(string problem) => Problem ??= problem;

    /// <summary>Adds what a pickle was found to hold.</summary>
    /// <param name="pickle">What was found while it was read.</param>
    /// <param name="place">The pickle's place in the file.</param>
    public void Add(PickleReport pickle, string place)
    {
        foreach (PickleFinding finding in pickle.Findings)
        {
            string position = FormattableString.Invariant($"{place}, byte {finding.Position}");
            CheckpointVerdict verdict = finding.IsSuspicion ? CheckpointVerdict.Suspicious : CheckpointVerdict.Unsafe;
            Add(new(position, finding.Opcode.ToString(), finding.Global?.ToString() ?? "", finding.Reason) { Verdict = verdict });
        }
        foreach ((PickleGlobal name, int count) in pickle.Globals)
            Count(name.ToString(), count, PickleGlobalPolicy.WhyDangerous(name) is not null);
        foreach ((PickleOpcode opcode, int count) in pickle.Opcodes)
        {
            opcodes[opcode.ToString()] = opcodes.GetValueOrDefault(opcode.ToString()) + count;
        }
    }

    /// <summary>Counts a class, function or operator.</summary>
    public void Count(string name, int count, bool isDangerous) =>
        globals[name] = (globals.GetValueOrDefault(name).Count + count, isDangerous || globals.GetValueOrDefault(name).IsDangerous);

    /// <summary>The report of it all.</summary>
    public CheckpointReport Report(string path, CheckpointFormat format, long length) => new()
    {
        Path = path,
        Format = format,
        Length = length,
        Problem = Problem,
        Findings = findings.ToArray(),
        Globals = globals.Select(entry => new CheckpointGlobal(entry.Key, entry.Value.Count, entry.Value.IsDangerous)).ToArray(),
        Tensors = Tensors.ToArray(),
        Opcodes = opcodes,
        Records = Records.ToArray(),
        Metadata = Metadata,
        UncheckedBytes = UncheckedBytes,
        Task = Summary.Task,
        Architecture = Summary.Architecture,
        ClassNames = Summary.ClassNames.ToArray(),
        ImageSize = Summary.ImageSize,
    };

    /// <summary>A name that a file gives, cut where it becomes too long for a person.</summary>
    public static string Cut(string text) => text.Length > CheckpointTensor.LongestName ? text[..CheckpointTensor.LongestName] : text;

    private void Add(CheckpointFinding finding)
    {
        if (findings.Count < MostFindings) findings.Add(finding);

        // Suspicions must not fill the list before the one thing that would run.
        else if (finding.Verdict == CheckpointVerdict.Unsafe && findings[^1].Verdict == CheckpointVerdict.Suspicious)
            findings[^1] = finding;
    }
}
