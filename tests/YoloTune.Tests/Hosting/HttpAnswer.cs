namespace YoloTune.Commands.Tests.Hosting;

/// <summary>What a <see cref="FileServer"/> answers.</summary>
/// <param name="Status">The status line behind the version: 200 OK.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Headers">Further header fields, each a line.</param>
internal sealed record HttpAnswer(string Status, byte[] Body, params string[] Headers)
{
    /// <summary>What Content-Length claims; null for the truth, negative for no such field.</summary>
    public long? ClaimedLength { get; init; }

    /// <summary>Only so many bytes are sent before the connection is closed, or held open while there is a <see cref="Hold"/>.</summary>
    public int? SentBytes { get; init; }

    /// <summary>What is waited for after <see cref="SentBytes"/>.</summary>
    public WaitHandle? Hold { get; init; }

    /// <summary>A file as a good server gives it: with an ETag, and only the part that is asked for when the ETag still holds.</summary>
    public static HttpAnswer File(HttpCall call, byte[] content, string tag)
    {
        string field = $"ETag: \"{tag}\"";
        if (call.From == 0 || (call.Headers.TryGetValue("If-Range", out string? condition) && condition != $"\"{tag}\""))
        {
            return new("200 OK", content, field);
        }
        return call.From < content.Length
            ? new("206 Partial Content", content[call.From..], field,
                $"Content-Range: bytes {call.From}-{content.Length - 1}/{content.Length}")
            : new("416 Range Not Satisfiable", [], $"Content-Range: bytes */{content.Length}");
    }
}
