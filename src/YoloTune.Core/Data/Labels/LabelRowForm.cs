namespace YoloTune.Data.Labels;

/// <summary>What one row is read as.</summary>
internal enum LabelRowForm
{
    /// <summary>Class, centre and size.</summary>
    Box,

    /// <summary>Class and points.</summary>
    Polygon,

    /// <summary>Class, centre, size and keypoints.</summary>
    Keypoints,
}
