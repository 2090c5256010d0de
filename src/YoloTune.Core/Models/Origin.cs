namespace YoloTune.Models;

/// <summary>Where the values of a state-dict item came from. Freezing, learning rates, filters and reports all take it.</summary>
public enum Origin
{
    /// <summary>Initialised here.</summary>
    New,

    /// <summary>Copied whole from a source model.</summary>
    Transferred,

    /// <summary>Copied in part: the rows of matching classes, or the overlapping block of the first convolution.</summary>
    Remapped,
}
