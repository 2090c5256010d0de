namespace YoloTune.Basics;

/// <summary>A selection (layers, names, parts, classes) that matches nothing or contradicts itself.</summary>
public sealed class SelectionException(
    string message, string? file = null, string? position = null, string? remedy = null, Exception? inner = null)
    : YoloTuneException(message, file, position, remedy, inner);
