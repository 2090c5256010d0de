namespace YoloTune.Commands.Tests.Hosting;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Target">The second word of the request line: a path, or a whole address where a proxy is spoken to.</param>
/// <param name="Headers">The header fields, by name.</param>
internal sealed record HttpCall(string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that is asked for, or 0.</summary>
    public int From => Headers.TryGetValue("Range", out string? range) ? int.Parse(range["bytes=".Length..^1], null) : 0;
}
