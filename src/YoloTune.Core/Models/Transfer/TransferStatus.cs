namespace YoloTune.Models.Transfer;

/// <summary>What a transfer does with one state-dict item of the target.</summary>
public enum TransferStatus
{
    /// <summary>Name and shape agree: the item is copied whole.</summary>
    Transfer,

    /// <summary>Part of the item is copied: rows of matching classes, or the overlapping block of the first convolution.</summary>
    Partial,

    /// <summary>The source has an item of this name with another shape; nothing is copied.</summary>
    ShapeMismatch,

    /// <summary>The source has no item of this name.</summary>
    MissingInSource,

    /// <summary>The selection leaves the item out.</summary>
    Excluded,
}
