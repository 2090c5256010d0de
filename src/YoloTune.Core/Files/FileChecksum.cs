using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;

namespace YoloTune.Files;

/// <summary>
/// The checksum that files of our own carry: XXH128 over every byte of the file, in which the digits of the checksum itself, and what
/// depends on them, count as zeros. It proves that a file is as it was written; it is no signature, for anyone can compute it.
/// </summary>
internal static class FileChecksum
{
    /// <summary>The name of the metadata that holds it.</summary>
    public const string Key = "yolotune.checksum";

    private const string Prefix = "xxh128:";
    private const int Digits = 32;
    private const int BlockLength = 1 << 17;

    /// <summary>What is written where the checksum will stand.</summary>
    public static string Placeholder { get; } = Prefix + new string('0', Digits);

    /// <summary>The text of a hash that is complete.</summary>
    public static string Text(XxHash128 hash) => Prefix + Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();

    /// <summary>
    /// Whether a metadata entry is a checksum of ours. One of the two is enough, so that damage to the name or to the text does not make
    /// the file look like one that has none.
    /// </summary>
    public static bool IsOne(string name, string text) =>
        name == Key || (text.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Takes the checksum out of metadata; null where there is none.</summary>
    public static string? TakeFrom(Dictionary<string, string> metadata)
    {
        foreach ((string name, string text) in metadata)
        {
            if (!IsOne(name, text)) continue;
            metadata.Remove(name);
            return text;
        }
        return null;
    }

    /// <summary>The checksum of a file.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="zeros">The ranges that count as zeros, in any order.</param>
    /// <param name="path">The file, for messages.</param>
    public static string Of(SafeFileHandle handle, IReadOnlyList<(long Begin, int Length)> zeros, string path)
    {
        long length = RandomAccess.GetLength(handle);
        XxHash128 hash = new();
        byte[] block = ArrayPool<byte>.Shared.Rent((int)Math.Min(BlockLength, Math.Max(length, 1)));
        try
        {
            for (long at = 0; at < length;)
            {
                Span<byte> part = block.AsSpan(0, (int)Math.Min(block.Length, length - at));
                ModelFile.ReadExactly(handle, part, at, path);
                foreach ((long begin, int count) in zeros) Clear(part, at, begin, count);
                hash.Append(part);
                at += part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        return Text(hash);
    }

    /// <summary>
    /// Refuses a file whose bytes are not those that its checksum was made of.
    /// </summary>
    /// <param name="handle">The file.</param>
    /// <param name="checksum">The checksum that it carries.</param>
    /// <param name="at">Where that stands in the file; negative where it is not found.</param>
    /// <param name="others">Ranges beside it that count as zeros.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="ModelFormatException">The file was changed since it was written.</exception>
    public static void Verify(SafeFileHandle handle, string checksum, long at, IReadOnlyList<(long Begin, int Length)> others, string path)
    {
        if (at < 0 || Of(handle, [(at + Prefix.Length, Digits), .. others], path) != checksum) throw Changed(path);
    }

    /// <summary>Makes the digits of the first placeholder zeros, as they count; gives the place of the placeholder.</summary>
    public static int ClearPlaceholder(Span<byte> text)
    {
        int at = text.IndexOf(Encoding.ASCII.GetBytes(Placeholder));
        text.Slice(at + Prefix.Length, Digits).Clear();
        return at;
    }

    /// <summary>The bytes of a text file with its checksum filled in, where the placeholder stands.</summary>
    public static byte[] Seal(byte[] text)
    {
        Span<byte> digits = text.AsSpan(ClearPlaceholder(text) + Prefix.Length, Digits);
        XxHash128 hash = new();
        hash.Append(text);
        Encoding.ASCII.GetBytes(Text(hash)).AsSpan(Prefix.Length).CopyTo(digits);
        return text;
    }

    /// <summary>
    /// Whether a text file that carries a checksum is as it was written; true as well for one that carries none, as older versions wrote.
    /// </summary>
    public static bool IsSealIntact(ReadOnlySpan<byte> text)
    {
        int at = text.IndexOf(Encoding.ASCII.GetBytes(Prefix));
        if (at < 0) return text.IndexOf(Encoding.ASCII.GetBytes(Key)) < 0;
        if (text.Length - at < Prefix.Length + Digits) return false;
        byte[] copy = text.ToArray();
        string written = Encoding.ASCII.GetString(copy, at, Prefix.Length + Digits);
        copy.AsSpan(at + Prefix.Length, Digits).Clear();
        XxHash128 hash = new();
        hash.Append(copy);
        return Text(hash) == written;
    }

    private static void Clear(Span<byte> part, long partBegin, long begin, int count)
    {
        long first = Math.Max(begin - partBegin, 0), last = Math.Min(begin + count - partBegin, part.Length);
        if (first < last) part[(int)first..(int)last].Clear();
    }

    private static ModelFormatException Changed(string path) => new(
        "the file is not as it was written: its checksum differs.", path, "metadata " + Key,
        "The file is damaged; fetch or export it again. Where another program changed it on purpose, let that one leave the entry out.");
}
