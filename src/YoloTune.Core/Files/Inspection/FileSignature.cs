using System.Globalization;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>Knows archives, arrays and programs by their first bytes.</summary>
internal static class FileSignature
{
    /// <summary>How many bytes <see cref="Of"/> wants to see.</summary>
    public const int Length = 512;

    /// <summary>What bytes are the beginning of, such as "a 7z archive"; null for what has no mark.</summary>
    public static string? Of(ReadOnlySpan<byte> start) => start switch
    {
        _ when TorchArchive.IsZip(start) => "a zip archive",
        _ when start.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]) => "a 7z archive",
        _ when start.StartsWith("Rar!\x1a\a"u8) => "a RAR archive",
        _ when start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]) => "a gzip archive",
        _ when start.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) => "an xz archive",
        _ when start.Length > 9 && start.StartsWith("BZh"u8) && start[4..].StartsWith((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53]) =>
            "a bzip2 archive",
        _ when start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) => "a Zstandard archive",
        _ when start.StartsWith("MSCF\0\0\0\0"u8) => "a cabinet archive",
        _ when IsTar(start) => "a tar archive",
        _ when IsNumpy(start) => "a NumPy array",
        _ when start.StartsWith("\x7f"u8) && start[1..].StartsWith("ELF"u8) => "a program for Linux",
        _ when start.StartsWith("\x89HDF\r\n\x1a\n"u8[1..]) || (start.Length > 8 && start[1..].StartsWith("HDF\r\n\x1a\n"u8)) =>
            "an HDF5 file",
        _ => null,
    };

    /// <summary>A NumPy array.</summary>
    public static bool IsNumpy(ReadOnlySpan<byte> start) => start.Length > 10 && start[0] == 0x93 && start[1..].StartsWith("NUMPY"u8);

    /// <summary>A tar archive: the mark of POSIX, or the old form's checksum over the first header.</summary>
    public static bool IsTar(ReadOnlySpan<byte> start)
    {
        if (start.Length < Length) return false;
        if (start[257..].StartsWith("ustar"u8)) return true;
        if (start[0] == 0 || Octal(start.Slice(148, 8)) is not { } expected) return false;
        long sum = 0;
        for (int i = 0; i < Length; i++) sum += i is >= 148 and < 156 ? ' ' : start[i];
        return sum == expected;
    }

    /// <summary>A number as tar writes it; null where none stands.</summary>
    public static long? Octal(ReadOnlySpan<byte> field)
    {
        string digits = System.Text.Encoding.ASCII.GetString(field).Trim('\0', ' ');
        if (digits.Length is 0 or > 20) return null;
        long value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7') return null;
            value = (value * 8) + CharUnicodeInfo.GetDecimalDigitValue(digit);
            if (value < 0) return null;
        }
        return value;
    }
}
