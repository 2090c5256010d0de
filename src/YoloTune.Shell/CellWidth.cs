using System.Globalization;
using System.Text;

namespace YoloTune.Shell;

/// <summary>How many cells of a terminal text takes.</summary>
internal static class CellWidth
{
    // Blocks whose East Asian width is wide or full (Unicode Standard Annex #11), and the pictographs that terminals draw as wide.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The cells of the text. Escape sequences that set colours take none.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        int cells = 0;
        bool escape = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x1B) escape = true;
            else if (!escape) cells += Of(rune);
            else if (rune.IsAscii && char.IsAsciiLetter((char)rune.Value)) escape = false;
        }
        return cells;
    }

    public static int Of(Rune rune)
    {
        if (rune.IsAscii) return rune.Value < 0x20 || rune.Value == 0x7F ? 0 : 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        foreach ((int first, int last) in Wide)
        {
            if (rune.Value >= first && rune.Value <= last) return 2;
        }
        return 1;
    }

    /// <summary>The start of the text that fits, filled up with blanks or ended with an ellipsis.</summary>
    public static string Fit(string text, int cells)
    {
        if (cells <= 0) return "";
        int width = Of(text);
        if (width <= cells) return text + new string(' ', cells - width);
        StringBuilder start = new();
        int used = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (used + Of(rune) > cells - 1) break;
            used += Of(rune);
            start.Append(rune);
        }
        return start.Append('…').Append(' ', cells - 1 - used).ToString();
    }
}
