using System.Text;

namespace YoloTune.Shell;

/// <summary>Shows the line being edited, wrapped over as many rows as it takes.</summary>
internal sealed class LineView(Terminal terminal, string prompt)
{
    private int cursorRow;

    /// <summary>Draws prompt and text anew over what it drew before.</summary>
    public void Draw(string text, int cursor)
    {
        int width = terminal.Width;
        (int row, int column) end = Place(text.Length, text, width);
        (int row, int column) at = Place(cursor, text, width);
        StringBuilder screen = new("\r");
        if (cursorRow > 0) screen.Append($"\u001b[{cursorRow}A");
        screen.Append("\u001b[J").Append(prompt).Append(text.Replace("\n", "\r\n", StringComparison.Ordinal));
        // A terminal keeps the cursor at the right edge until the next letter comes; this makes it take the new row now.
        if (end.column == 0 && end.row > 0 && !text.EndsWith('\n')) screen.Append("\r\n");
        if (end.row > at.row) screen.Append($"\u001b[{end.row - at.row}A");
        screen.Append('\r');
        if (at.column > 0) screen.Append($"\u001b[{at.column}C");
        cursorRow = at.row;
        Console.Out.Write(screen.ToString());
    }

    /// <summary>Leaves the line on the screen and starts a new one below it.</summary>
    public void End(string text)
    {
        Draw(text, text.Length);
        Console.Out.Write("\r\n");
        cursorRow = 0;
    }

    /// <summary>Clears the whole screen; the line is drawn anew at its top.</summary>
    public void ClearScreen()
    {
        Console.Out.Write("\u001b[H\u001b[2J");
        cursorRow = 0;
    }

    private (int Row, int Column) Place(int index, string text, int width)
    {
        int row = 0, column = CellWidth.Of(prompt);
        row += column / width;
        column %= width;
        foreach (Rune rune in text.AsSpan(0, index).EnumerateRunes())
        {
            int cells = CellWidth.Of(rune);
            if (rune.Value == '\n')
            {
                row++;
                column = 0;
                continue;
            }
            // A wide character is not cut at the edge.
            if (column + cells > width) (row, column) = (row + 1, 0);
            column += cells;
            if (column == width) (row, column) = (row + 1, 0);
        }
        return (row, column);
    }
}
