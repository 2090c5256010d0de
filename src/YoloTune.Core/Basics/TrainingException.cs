namespace YoloTune.Basics;

/// <summary>A training, or the resuming of one, that cannot start or go on.</summary>
public sealed class TrainingException(
    string message, string? file = null, string? position = null, string? remedy = null, Exception? inner = null)
    : YoloTuneException(message, file, position, remedy, inner);
