namespace YoloTune.Packaging;

/// <summary>What an audit found.</summary>
public enum AuditOutcome
{
    /// <summary>At least one source has data, and no package is in it.</summary>
    Clean,

    /// <summary>A package has a known vulnerability.</summary>
    Vulnerable,

    /// <summary>No source could tell.</summary>
    Unknown,
}
