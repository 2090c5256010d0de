namespace YoloTune.Downloads;

/// <summary>How a download failed.</summary>
public enum DownloadFailure
{
    /// <summary>The server has no such file.</summary>
    NotFound,

    /// <summary>The server, or a proxy on the way, refuses to give it.</summary>
    Refused,

    /// <summary>Too many requests were made; it works again later.</summary>
    RateLimit,

    /// <summary>The server answers with something that makes no sense, or reports a fault of its own.</summary>
    Server,

    /// <summary>The server was not reached, or the connection broke.</summary>
    Connection,

    /// <summary>No byte came for too long.</summary>
    Timeout,

    /// <summary>The file is not the one that was expected, or is damaged.</summary>
    Checksum,

    /// <summary>There is no room for the file.</summary>
    DiskFull,
}
