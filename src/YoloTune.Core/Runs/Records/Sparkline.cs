namespace YoloTune.Runs.Records;

/// <summary>Draws a curve as one line of block characters.</summary>
public static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// The curve from its lowest to its highest value; a blank where nothing was measured, empty when nothing was at all.
    /// </summary>
    /// <param name="values">The values; null and what is not finite is not drawn.</param>
    /// <param name="width">The most characters; of more values each character shows the mean of its share.</param>
    public static string Of(IReadOnlyList<double?> values, int width)
    {
        double?[] finite = [.. values.Select(value => value is { } number && double.IsFinite(number) ? value : null)];
        int columns = Math.Min(width, finite.Length);
        double?[] means = [.. Enumerable.Range(0, columns).Select(column => finite[Start(column)..Start(column + 1)].Average())];
        if (!means.Any(mean => mean is not null)) return "";
        (double low, double high) = (means.Min()!.Value, means.Max()!.Value);
        return string.Concat(means.Select(mean => mean is { } value
            ? Blocks[high > low ? (int)Math.Round((value - low) / (high - low) * (Blocks.Length - 1)) : 0] : ' '));

        int Start(int column) => (int)((long)column * finite.Length / columns);
    }
}
