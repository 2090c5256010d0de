namespace YoloTune.Data.Features;

/// <summary>Where the outputs of frozen first layers are kept between epochs.</summary>
public enum FeatureCacheMode
{
    /// <summary>Nowhere: they are computed each time.</summary>
    None,

    /// <summary>In memory.</summary>
    Memory,

    /// <summary>In a file of the run's folder, for as long as the stage lasts.</summary>
    Disk,
}
