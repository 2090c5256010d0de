namespace YoloTune.Basics;

/// <summary>Shortens texts in the middle, because paths and names differ at their ends.</summary>
public static class MiddleCut
{
    private const char Ellipsis = '\u2026';

    /// <summary>The text in at most so many characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The most characters, at least 1.</param>
    public static string Shorten(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= length) return text;
        if (length < 3) return text[..Math.Max(0, length)];
        int tail = (length - 1) / 2, head = length - 1 - tail;
        // Half of a pair of surrogates is no character.
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[^tail])) tail--;
        return string.Concat(text.AsSpan(0, head), [Ellipsis], text.AsSpan(text.Length - tail));
    }
}
