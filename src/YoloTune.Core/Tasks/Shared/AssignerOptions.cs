namespace YoloTune.Tasks.Shared;

/// <summary>The constants of task-aligned assignment (Feng et al. 2021, "TOOD", section 3.2).</summary>
internal sealed record AssignerOptions
{
    /// <summary>The one-to-many branch and classic heads: ten anchors a box.</summary>
    public static AssignerOptions OneToMany { get; } = new();

    /// <summary>The one-to-one branch of end-to-end heads: seven candidates, one of them kept after conflicts are settled.</summary>
    public static AssignerOptions OneToOne { get; } = new() { TopK = 7, FinalTopK = 1 };

    /// <summary>Anchors a box may claim.</summary>
    public int TopK { get; init; } = 10;

    /// <summary>Anchors a box keeps once conflicts are settled; null keeps all.</summary>
    public int? FinalTopK { get; init; }

    /// <summary>Exponent of the class probability in the alignment metric.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Exponent of the overlap in the alignment metric.</summary>
    public double Beta { get; init; } = 6.0;

    /// <summary>Keeps quotients finite, and the least distance of an anchor point from the sides of its box, in pixels.</summary>
    public double Epsilon { get; init; } = 1e-9;
}
