using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace YoloTune.Shell;

/// <summary>Progress bars below the output, inner ones indented under their parents. Without a screen there are none.</summary>
internal sealed class ProgressPane(Terminal terminal)
{
    private const int MaximumBars = 6;
    private const int BarCells = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<(long Source, ProgressRecord Record)> active = [];
    private int shown;
    private long drawn;

    /// <summary>Takes a record in. True when something was drawn, which leaves the cursor at the start of a line.</summary>
    public bool Update(long source, ProgressRecord record, bool atLineStart)
    {
        if (!terminal.Escapes) return false;
        int index = Find(source, record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (index < 0) return false;
            Remove(source, record.ActivityId);
            Hide();
            return Draw(atLineStart);
        }
        bool isNew = index < 0;
        if (isNew) active.Add((source, record));
        else active[index] = (source, record);
        return (isNew || shown == 0 || Stopwatch.GetElapsedTime(drawn) >= Interval) && Draw(atLineStart);
    }

    /// <summary>Takes the bars off the screen until the next record, so that text can be written.</summary>
    public void Hide()
    {
        if (shown == 0) return;
        Console.Out.Write($"\r\u001b[{shown}A\u001b[J");
        shown = 0;
    }

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        Hide();
        active.Clear();
    }

    private int Find(long source, int id) => active.FindIndex(a => a.Source == source && a.Record.ActivityId == id);

    private void Remove(long source, int id)
    {
        foreach (int child in active.Where(a => a.Source == source && a.Record.ParentActivityId == id && a.Record.ActivityId != id)
            .Select(a => a.Record.ActivityId).ToArray())
        {
            Remove(source, child);
        }
        active.RemoveAll(a => a.Source == source && a.Record.ActivityId == id);
    }

    private bool Draw(bool atLineStart)
    {
        if (active.Count == 0) return false;
        StringBuilder text = new();
        if (shown > 0) text.Append(CultureInfo.InvariantCulture, $"\r\u001b[{shown}A");
        else if (!atLineStart) text.Append('\n');
        int lines = 0;
        foreach ((ProgressRecord record, int depth) in Ordered().Take(MaximumBars))
        {
            string line = CellWidth.Fit(Describe(record, depth), terminal.Width - 1).TrimEnd();
            string style = terminal.Colours ? PSStyle.Instance.Progress.Style : "";
            text.Append(style).Append(line).Append(style.Length == 0 ? "" : PSStyle.Instance.Reset).Append("\u001b[K\n");
            lines++;
        }
        text.Append("\u001b[J");
        Console.Out.Write(text.ToString());
        shown = lines;
        drawn = Stopwatch.GetTimestamp();
        return true;
    }

    private IEnumerable<(ProgressRecord Record, int Depth)> Ordered()
    {
        foreach ((long source, ProgressRecord record) in active.ToArray())
        {
            bool isChild = record.ParentActivityId >= 0 && record.ParentActivityId != record.ActivityId && Find(source, record.ParentActivityId) >= 0;
            if (isChild) continue;
            foreach ((ProgressRecord, int) item in Descend(source, record, 0)) yield return item;
        }
    }

    private IEnumerable<(ProgressRecord Record, int Depth)> Descend(long source, ProgressRecord record, int depth)
    {
        yield return (record, depth);
        // A ring of parents would never end.
        if (depth >= MaximumBars) yield break;
        foreach ((long childSource, ProgressRecord child) in active.ToArray())
        {
            if (childSource != source || child.ParentActivityId != record.ActivityId || child.ActivityId == record.ActivityId) continue;
            foreach ((ProgressRecord, int) item in Descend(source, child, depth + 1)) yield return item;
        }
    }

    private static string Describe(ProgressRecord record, int depth)
    {
        StringBuilder line = new(new string(' ', depth * 2));
        line.Append(record.Activity);
        if (record.PercentComplete >= 0)
        {
            int filled = BarCells * Math.Min(record.PercentComplete, 100) / 100;
            line.Append(" [").Append('=', filled).Append(' ', BarCells - filled)
                .Append(CultureInfo.InvariantCulture, $"] {record.PercentComplete,3} %");
        }
        if (record.SecondsRemaining >= 0) line.Append(CultureInfo.InvariantCulture, $" {TimeSpan.FromSeconds(record.SecondsRemaining):h\\:mm\\:ss}");
        line.Append("  ").Append(record.StatusDescription);
        if (!string.IsNullOrEmpty(record.CurrentOperation)) line.Append("  ").Append(record.CurrentOperation);
        return line.Replace('\r', ' ').Replace('\n', ' ').ToString();
    }
}
