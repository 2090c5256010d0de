namespace YoloTune.Models;

/// <summary>Where the values of a whole layer came from.</summary>
public enum LayerOrigin
{
    /// <inheritdoc cref="Origin.New"/>
    New = Origin.New,

    /// <inheritdoc cref="Origin.Transferred"/>
    Transferred = Origin.Transferred,

    /// <inheritdoc cref="Origin.Remapped"/>
    Remapped = Origin.Remapped,

    /// <summary>Its items have different origins.</summary>
    Mixed,
}
