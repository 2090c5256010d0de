namespace YoloTune.Packaging;

/// <summary>A package that cannot be described or audited; the message says what to do.</summary>
public sealed class PackagingException(string message) : Exception(message);
