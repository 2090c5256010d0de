namespace YoloTune.Shell;

/// <summary>The lines entered in this session, for the arrow keys.</summary>
internal sealed class LineHistory
{
    private const int Maximum = 1000;
    private readonly List<string> lines = [];
    private int position;
    private string draft = "";

    public void Add(string line)
    {
        if (line.Length > 0 && (lines.Count == 0 || lines[^1] != line)) lines.Add(line);
        if (lines.Count > Maximum) lines.RemoveAt(0);
        position = lines.Count;
    }

    /// <summary>The line before the one shown, or null; what is typed so far is kept to come back to.</summary>
    public string? Previous(string current)
    {
        if (position == 0) return null;
        if (position == lines.Count) draft = current;
        return lines[--position];
    }

    /// <summary>The line after the one shown, at last what had been typed, or null.</summary>
    public string? Next()
    {
        if (position >= lines.Count) return null;
        position++;
        return position == lines.Count ? draft : lines[position];
    }

    /// <summary>Starts a new line at the end of the history.</summary>
    public void Rewind() => position = lines.Count;
}
