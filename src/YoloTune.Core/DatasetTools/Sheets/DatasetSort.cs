namespace YoloTune.DatasetTools.Sheets;

/// <summary>Which images of a dataset are shown first.</summary>
public enum DatasetSort
{
    /// <summary>Images spread evenly over the dataset.</summary>
    Sample,

    /// <summary>Those with the smallest object.</summary>
    Smallest,

    /// <summary>Those with the largest object.</summary>
    Largest,

    /// <summary>Those with the most objects.</summary>
    Crowded,

    /// <summary>Those with the rarest class.</summary>
    Rare,

    /// <summary>Those with findings of Test-YoloDataset, and those whose boxes lie on each other.</summary>
    Suspect,
}
