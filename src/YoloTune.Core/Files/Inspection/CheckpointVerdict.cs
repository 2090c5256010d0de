namespace YoloTune.Files.Inspection;

/// <summary>What an inspection says of a model file.</summary>
public enum CheckpointVerdict
{
    /// <summary>It holds data and nothing else.</summary>
    Safe,

    /// <summary>Other programs would run code that it names, or read other files for it.</summary>
    Unsafe,

    /// <summary>It cannot be read to its end, so that nothing is known of the rest. Do not trust it.</summary>
    Unreadable,
}
