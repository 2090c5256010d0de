namespace YoloTune.Models;

/// <summary>How much of a layer is frozen.</summary>
public enum FrozenState
{
    /// <summary>Every parameter trains.</summary>
    None,

    /// <summary>Some parameters train.</summary>
    Some,

    /// <summary>No parameter trains.</summary>
    All,
}
