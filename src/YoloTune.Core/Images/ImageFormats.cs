using System.Text;

namespace YoloTune.Images;

/// <summary>
/// Formats of images that are known but not read, told by the first bytes of a file, so that the reason can be named once.
/// </summary>
internal static class ImageFormats
{
    private const int HeadLength = 12;
    private const string Reason = " is not read. Convert such images to PNG or JPEG.";

    /// <summary>The name of a format that is not read; null when the bytes are of none of these.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)) return "TIFF";
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, (byte)'j', (byte)'P'])) return "JPEG 2000";
        if (head.StartsWith("8BPS"u8)) return "Photoshop";
        if (head.Length < HeadLength || !head[4..8].SequenceEqual("ftyp"u8)) return null;
        string brand = Encoding.ASCII.GetString(head[8..12]);
        return brand is "avif" or "avis" ? "AVIF" : brand is "heic" or "heix" or "mif1" or "msf1" or "hevc" or "hevx" ? "HEIC" : null;
    }

    /// <summary>Why a file of such a format is not read.</summary>
    public static string ReasonFor(string name) => name + Reason;

    /// <summary>Whether a reason is one of a format that is not read.</summary>
    public static bool IsReason(string reason) => reason.EndsWith(Reason, StringComparison.Ordinal);

    /// <summary>The name of the format of a file that is not read; null when it is another, or the file cannot be opened.</summary>
    public static string? NameOf(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            Span<byte> head = stackalloc byte[HeadLength];
            return NameOf(head[..file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
