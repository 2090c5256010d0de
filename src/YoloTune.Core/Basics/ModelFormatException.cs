namespace YoloTune.Basics;

/// <summary>A checkpoint, state dict or model YAML that cannot be read, or that holds something it must not hold.</summary>
public sealed class ModelFormatException(
    string message, string? file = null, string? position = null, string? remedy = null, Exception? inner = null)
    : YoloTuneException(message, file, position, remedy, inner);
