using System.Globalization;
using YoloTune.Models;

namespace YoloTune.Evaluation;

/// <summary>A model between an original and a tuned one, and what it was measured to reach.</summary>
/// <param name="Weight">The fraction of the tuned model: 0 is the original, 1 the tuned one.</param>
/// <param name="NewMAP">mAP50-95 on the new data; null where nothing of it is labelled.</param>
/// <param name="NewMAP50">mAP50 on the new data; null where nothing of it is labelled.</param>
/// <param name="OldMAP">mAP50-95 of the classes that the original knows on the old data; null where none was given.</param>
/// <param name="OldMAP50">mAP50 of the same; null where none was given.</param>
/// <param name="Model">The model.</param>
public sealed record InterpolatedModel(double Weight, double? NewMAP, double? NewMAP50, double? OldMAP, double? OldMAP50, YoloModel Model)
{
    /// <summary>Such as "0.50 of the tuned model: new 0.812, old 0.655".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Weight:0.00} of the tuned model: new {NewMAP:0.000}{(OldMAP is { } old ? $", old {old:0.000}" : "")}");
}
