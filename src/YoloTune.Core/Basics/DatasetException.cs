namespace YoloTune.Basics;

/// <summary>A dataset description, split, label file or image that cannot be used.</summary>
public sealed class DatasetException(
    string message, string? file = null, string? position = null, string? remedy = null, Exception? inner = null)
    : YoloTuneException(message, file, position, remedy, inner);
