namespace YoloTune.Models.Transfer;

/// <summary>How an item of one model relates to that of another.</summary>
public enum ComparisonStatus
{
    /// <summary>Bit for bit the same.</summary>
    Equal,

    /// <summary>The same shape with other values.</summary>
    Changed,

    /// <summary>Another shape.</summary>
    ShapeMismatch,

    /// <summary>Only the reference has it.</summary>
    OnlyInReference,

    /// <summary>Only the other model has it.</summary>
    OnlyInDifference,
}
