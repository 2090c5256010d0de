namespace YoloTune.Downloads;

/// <summary>Puts addresses together.</summary>
internal static class Addresses
{
    /// <summary>An address with further segments, each escaped; a query of the base stays behind them.</summary>
    public static Uri Append(Uri address, params string[] segments)
    {
        UriBuilder builder = new(address);
        builder.Path = $"{builder.Path.TrimEnd('/')}/{string.Join('/', segments.Select(Uri.EscapeDataString))}";
        return builder.Uri;
    }
}
