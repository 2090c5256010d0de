using YoloTune.Basics;


namespace YoloTune.Tests.Faults;

/// <summary>Files that another program has open, as Windows reports them: they cannot be replaced until it closes them.</summary>
internal sealed class HeldFiles : FileLayer, IDisposable
{
    // What Windows says of a file that is open without leave to delete it.
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileLayer before = Current;
    private readonly Dictionary<string, TimeSpan> held = new(StringComparer.Ordinal);

    public HeldFiles() => Current = this;

    /// <summary>How long was waited in all.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Holds a file until so much time was waited for it; null for good.</summary>
    public void Hold(string path, TimeSpan? time = null) => held[Path.GetFullPath(path)] = time is { } some
        ? Waited + some
        : TimeSpan.MaxValue;

    public void Release() => held.Clear();

    public override void Replace(string source, string target)
    {
        foreach (string path in (string[])[source, target])
        {
            if (held.TryGetValue(Path.GetFullPath(path), out TimeSpan until) && Waited < until && File.Exists(path))
                throw new IOException("The process cannot access the file because it is being used by another process.", SharingViolation);
        }
        base.Replace(source, target);
    }

    public override void Wait(TimeSpan time) => Waited += time;

    public void Dispose() => Current = before;
}
