using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Evaluation;

/// <summary>A confusion matrix as text.</summary>
internal static class ConfusionText
{
    /// <summary>Columns of a line where nothing else is asked for.</summary>
    public const int DefaultWidth = 79;

    private const int MostListed = 20, ShortestName = 4, LongestName = 14, Gap = 2;

    /// <summary>The lines; a row is what was predicted, a column what is true.</summary>
    public static IReadOnlyList<string> Of(ConfusionMatrix matrix, int width)
    {
        string[] names = matrix.Labels;
        int digits = matrix.Cells.Max(cell => cell.Count).ToString(CultureInfo.InvariantCulture).Length;
        int longest = Math.Clamp(names.Max(name => name.Length), ShortestName, LongestName);
        for (int shown = longest; shown >= ShortestName; shown--)
        {
            int column = Math.Max(shown, digits) + Gap, first = Math.Max("Predicted".Length, longest);
            if (first + (names.Length * column) <= width) return Grid(matrix, names, first, column, shown);
        }
        return List(matrix, width);
    }

    private static string[] Grid(ConfusionMatrix matrix, string[] names, int first, int column, int shown) =>
    [
        "Predicted".PadRight(first) + string.Concat(names.Select(name => MiddleCut.Shorten(name, shown).PadLeft(column))),
        .. names.Select((name, row) => MiddleCut.Shorten(name, first).PadRight(first) + string.Concat(
            names.Select((_, actual) => matrix[row, actual].ToString(CultureInfo.InvariantCulture).PadLeft(column)))),
        "Rows are predicted, columns are true.",
    ];

    private static string[] List(ConfusionMatrix matrix, int width)
    {
        ConfusionCell[] wrong =
            [.. matrix.Cells.Where(cell => cell.Predicted != cell.Actual && cell.Count > 0).OrderByDescending(cell => cell.Count)];
        int name = Math.Min(24, (width - 14) / 2);
        return
        [
            $"{matrix}.",
            "The most frequent confusions:",
            "True".PadRight(name) + "  " + "Predicted".PadRight(name) + "Count".PadLeft(8),
            .. wrong.Take(MostListed).Select(cell => MiddleCut.Shorten(cell.Actual, name).PadRight(name) + "  "
                + MiddleCut.Shorten(cell.Predicted, name).PadRight(name) + cell.Count.ToString(CultureInfo.InvariantCulture).PadLeft(8)),
        ];
    }
}
