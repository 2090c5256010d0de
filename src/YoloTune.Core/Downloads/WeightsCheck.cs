namespace YoloTune.Downloads;

/// <summary>What the content of a downloaded file was compared with, besides the CRC-32 of each of its records.</summary>
public enum WeightsCheck
{
    /// <summary>Nothing else: only the checksums inside the file were available.</summary>
    Crc32,

    /// <summary>The MD5 that the server sent along.</summary>
    Md5,

    /// <summary>A known SHA-256: the one given, the one of the list or the one that the release states.</summary>
    Sha256,
}
