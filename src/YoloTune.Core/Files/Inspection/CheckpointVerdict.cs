namespace YoloTune.Files.Inspection;

/// <summary>What an inspection says of a model file.</summary>
public enum CheckpointVerdict
{
    /// <summary>It holds data and nothing else, and every byte of it is accounted for.</summary>
    Safe,

    /// <summary>
    /// Nothing in it is known to run, but it holds what the writers of its format do not write: bytes or records that belong to nothing,
    /// two answers to one question, content that does not fit its checksum.
    /// </summary>
    Suspicious,

    /// <summary>Other programs would run code that it names, or read other files for it.</summary>
    Unsafe,

    /// <summary>It cannot be read to its end, so that nothing is known of the rest. Do not trust it.</summary>
    Unreadable,
}
