using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace YoloTune.Drawing;

/// <summary>confusion_matrix.png and confusion_matrix_normalized.png.</summary>
internal static class ConfusionMatrixPlot
{
    /// <summary>Shares below this are left blank in the normalised picture.</summary>
    public const double BlankBelow = 0.005;

    private const int MostNumberedClasses = 30;
    private const double NormalisationEpsilon = 1e-9;

    /// <summary>Writes one picture of a confusion matrix.</summary>
    /// <param name="matrix">Counts: rows predicted, columns true; with a background that is the last of each.</param>
    /// <param name="classNames">Names of the classes, without the background.</param>
    /// <param name="path">The picture to write. Its folder is created.</param>
    /// <param name="normalised">Divide each column by its sum and leave cells below <see cref="BlankBelow"/> blank.</param>
    /// <param name="background">Whether the matrix has a row and a column for the background.</param>
    /// <exception cref="ArgumentException">The matrix is not of the size that the names ask for.</exception>
    public static void Save(double[,] matrix, IReadOnlyList<string> classNames, string path, bool normalised, bool background = true)
    {
        int size = classNames.Count + (background ? 1 : 0);
        if (matrix.GetLength(0) != size || matrix.GetLength(1) != size)
        {
            string given = $"{matrix.GetLength(0)} x {matrix.GetLength(1)}";
            throw new ArgumentException(
                $"{classNames.Count} classes need a confusion matrix of {size} x {size}, not {given}.", nameof(matrix));
        }
        double[,] cells = Cells(matrix, size, normalised);
        string[] names = background ? [.. classNames, "background"] : [.. classNames];
        using var sheet = new PlotSheet();
        Plot plot = sheet.Add(names);
        int room = Math.Clamp(size * 15, 620, 1500);
        plot.Title(normalised ? "Confusion matrix, normalised by true class" : "Confusion matrix");
        plot.XLabel("True");
        plot.YLabel("Predicted");
        double top = Math.Max(cells.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).Max(), normalised ? 1 : 1e-9);
        // ScottPlot refuses a heat map without a number in it.
        if (cells.Cast<double>().Any(double.IsFinite)) AddMap(plot, cells, top, normalised);
        if (classNames.Count <= MostNumberedClasses) AddNumbers(plot, cells, top, normalised, (float)room / size);
        PlotSheet.SetNames(plot.Axes.Bottom, names, room);
        // The first row of a heat map stands at the top.
        PlotSheet.SetNames(plot.Axes.Left, [.. Enumerable.Reverse(names)], room);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, size - 0.5, -0.5, size - 0.5);
        sheet.Save(path, 1, room + 260, room + 190);
    }

    private static void AddMap(Plot plot, double[,] cells, double top, bool normalised)
    {
        Heatmap map = plot.Add.Heatmap(cells);
        map.Colormap = Colormap.FromColors([new Color("#f4f8fd"), new Color("#9cc6e6"), new Color("#3a86c4"), new Color("#08306b")]);
        map.NaNCellColor = Colors.White;
        map.ManualRange = new ScottPlot.Range(0, top);
        PlotSheet.AddColourBar(plot, map, integers: !normalised);
    }

    private static double[,] Cells(double[,] matrix, int size, bool normalised)
    {
        double[,] cells = new double[size, size];
        for (int column = 0; column < size; column++)
        {
            double sum = 0;
            for (int row = 0; row < size; row++) sum += matrix[row, column];
            for (int row = 0; row < size; row++)
            {
                double value = normalised ? matrix[row, column] / (sum + NormalisationEpsilon) : matrix[row, column];
                bool blank = normalised ? value < BlankBelow : value == 0;
                cells[row, column] = blank ? double.NaN : value;
            }
        }
        return cells;
    }

    private static void AddNumbers(Plot plot, double[,] cells, double top, bool normalised, float cell)
    {
        int size = cells.GetLength(0);
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                double value = cells[row, column];
                if (double.IsNaN(value)) continue;
                string text = value.ToString(normalised ? "0.00" : "0", CultureInfo.InvariantCulture);
                Text label = plot.Add.Text(text, column, size - 1 - row);
                label.LabelFontName = PictureFont.Family;
                label.LabelFontSize = Math.Clamp(cell * 0.8f / Math.Max(2, text.Length * 0.62f), 6, 20);
                label.LabelFontColor = value > top * 0.5 ? Colors.White : Colors.Black;
                label.LabelAlignment = Alignment.MiddleCenter;
            }
        }
    }
}
