using System.Globalization;

namespace YoloTune.Benchmarks;

/// <summary>The table: a Markdown table a section, printed as the sections end.</summary>
internal sealed class Report(TextWriter output)
{
    private const int NameWidth = 58;

    /// <summary>Starts a section.</summary>
    public void Section(string title, string unit)
    {
        output.WriteLine();
        output.WriteLine($"### {title}");
        output.WriteLine();
        output.WriteLine($"| {"what".PadRight(NameWidth)} | {unit,10} | least to most     |");
        output.WriteLine($"|{new string('-', NameWidth + 2)}|-----------:|-------------------|");
    }

    /// <summary>A measured row: median and spread.</summary>
    public void Row(Measure measure, string name, string? label = null) =>
        Line(label ?? name, Text(measure.Median(name)), $"{Text(measure.Least(name))} to {Text(measure.Most(name))}");

    /// <summary>A row that follows from others, or was measured once.</summary>
    public void Row(string label, double value, string note = "") => Line(label, Text(value), note);

    /// <summary>A line of text under the table.</summary>
    public void Note(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
    }

    private void Line(string label, string value, string note)
    {
        output.WriteLine($"| {label.PadRight(NameWidth)} | {value,10} | {note.PadRight(17)} |");
        output.Flush();
    }

    private static string Text(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);
}
