namespace YoloTune.Tasks.Shared;

/// <summary>The measures of overlap between two boxes; each adds a penalty to the one before.</summary>
internal enum OverlapKind
{
    /// <summary>Intersection over union.</summary>
    IoU,

    /// <summary>Generalised IoU: minus the fraction of the enclosing box that neither box covers (Rezatofighi et al. 2019).</summary>
    Generalized,

    /// <summary>Distance IoU: minus the squared centre distance over the squared enclosing diagonal (Zheng et al. 2020).</summary>
    Distance,

    /// <summary>Complete IoU: distance IoU minus a weighted difference of the aspect ratios (Zheng et al. 2020).</summary>
    Complete,
}
