namespace YoloTune.Drawing;

/// <summary>All boxes of a dataset, one entry a box.</summary>
/// <param name="ClassIds">Class id of each box.</param>
/// <param name="CentreX">Centre, 0 to 1 of the image's width.</param>
/// <param name="CentreY">Centre, 0 to 1 of the image's height, downwards.</param>
/// <param name="Widths">Width, 0 to 1 of the image's width.</param>
/// <param name="Heights">Height, 0 to 1 of the image's height.</param>
/// <param name="ClassNames">Names of all classes, also of those without a box.</param>
internal sealed record LabelStatistics(
    IReadOnlyList<int> ClassIds,
    IReadOnlyList<double> CentreX,
    IReadOnlyList<double> CentreY,
    IReadOnlyList<double> Widths,
    IReadOnlyList<double> Heights,
    IReadOnlyList<string> ClassNames);
