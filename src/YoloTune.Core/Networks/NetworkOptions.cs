namespace YoloTune.Networks;

/// <summary>How a network comes to its first weights.</summary>
public sealed record NetworkOptions
{
    /// <summary>The seed of the initial weights: the same seed gives the same network.</summary>
    public long Seed { get; init; }

    /// <summary>False leaves the weights undefined, for a network that is filled right after it is built.</summary>
    public bool Initialise { get; init; } = true;
}
