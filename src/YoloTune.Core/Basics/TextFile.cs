using System.Text;

namespace YoloTune.Basics;

/// <summary>
/// Reads text files in the encodings that programs write: UTF-8 with or without a byte-order mark, UTF-16 and UTF-32 by their mark, UTF-16
/// without a mark by its zero bytes, and, where the bytes are not UTF-8, Windows-1252, of which Latin-1 is a part.
/// </summary>
internal static class TextFile
{
    private const int Sample = 4096;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => Decode(SharedFile.ReadAllBytes(path));

    /// <summary>The lines of a file.</summary>
    public static string[] ReadLines(string path)
    {
        string[] lines = Read(path).ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <summary>The text that bytes stand for, without a byte-order mark.</summary>
    public static string Decode(byte[] bytes) => Decode(bytes, out _);

    /// <summary>The text that bytes stand for, without a byte-order mark.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="isGuess">Whether nothing in the file says which encoding it has, so that letters beyond ASCII may be wrong.</param>
    public static string Decode(byte[] bytes, out bool isGuess)
    {
        isGuess = false;
        if (Find(bytes) is var (encoding, mark)) return encoding.GetString(bytes, mark, bytes.Length - mark);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            isGuess = true;
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }

    private static (Encoding Encoding, int Mark)? Find(byte[] bytes)
    {
        // The mark of UTF-32 begins with that of UTF-16.
        if (bytes is [0xFF, 0xFE, 0, 0, ..]) return (Encoding.UTF32, 4);
        if (bytes is [0, 0, 0xFE, 0xFF, ..]) return (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4);
        if (bytes is [0xFF, 0xFE, ..]) return (Encoding.Unicode, 2);
        if (bytes is [0xFE, 0xFF, ..]) return (Encoding.BigEndianUnicode, 2);
        if (bytes is [0xEF, 0xBB, 0xBF, ..]) return (Encoding.UTF8, 3);
        if (bytes.Length < 2 || bytes.Length % 2 != 0) return null;
        // Digits, blanks and ASCII letters in UTF-16 have a zero in every other byte; text in any other encoding has none.
        int even = 0, odd = 0, pairs = Math.Min(bytes.Length, Sample) / 2;
        for (int i = 0; i < pairs; i++)
        {
            if (bytes[2 * i] == 0) even++;
            if (bytes[2 * i + 1] == 0) odd++;
        }
        if (odd > pairs / 2 && even == 0) return (Encoding.Unicode, 0);
        return even > pairs / 2 && odd == 0 ? (Encoding.BigEndianUnicode, 0) : null;
    }
}
