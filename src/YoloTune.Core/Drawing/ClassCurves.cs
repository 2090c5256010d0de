namespace YoloTune.Drawing;

/// <summary>One curve a class and their mean, over confidence or recall, both axes from 0 to 1.</summary>
/// <param name="Title">The picture's title, such as Precision-recall curve.</param>
/// <param name="XLabel">What the points along <paramref name="X"/> are.</param>
/// <param name="YLabel">What the curves show.</param>
/// <param name="X">The points, ascending from 0 to 1.</param>
/// <param name="Curves">For each class a value at every point.</param>
/// <param name="ClassIds">The class id of each curve; it decides the colour.</param>
/// <param name="ClassNames">The name of each curve's class.</param>
/// <param name="MeanLabel">What the legend says of the mean curve, such as "all classes 0.602 mAP@0.5".</param>
/// <param name="ClassValues">A number a class to stand behind its name, such as its AP; null for none.</param>
internal sealed record ClassCurves(
    string Title,
    string XLabel,
    string YLabel,
    IReadOnlyList<double> X,
    IReadOnlyList<IReadOnlyList<double>> Curves,
    IReadOnlyList<int> ClassIds,
    IReadOnlyList<string> ClassNames,
    string MeanLabel,
    IReadOnlyList<double>? ClassValues = null);
