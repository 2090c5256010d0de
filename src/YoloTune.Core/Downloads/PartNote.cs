using System.Text.Json.Serialization;

namespace YoloTune.Downloads;

/// <summary>What an unfinished download is a part of.</summary>
/// <param name="Source">The address that was asked.</param>
/// <param name="Validator">The strong ETag of the server's file, quotes included, or the date of its last change; null without
/// either.</param>
/// <param name="TotalBytes">The bytes of the whole file, or null.</param>
/// <param name="Md5">The MD5 of the whole file in base64, or null where the server sent none.</param>
internal sealed record PartNote(
    [property: JsonPropertyName("source")] string Source, [property: JsonPropertyName("validator")] string? Validator,
    [property: JsonPropertyName("bytes")] long? TotalBytes, [property: JsonPropertyName("md5")] string? Md5);
