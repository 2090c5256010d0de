namespace YoloTune.Evaluation;

/// <summary>The figures of one class.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Images">How many images have a label of it.</param>
/// <param name="Instances">How many labels it has.</param>
/// <param name="Precision">Fraction of its detections that are right, at the confidence of the best mean F1; 0-1.</param>
/// <param name="Recall">Fraction of its labels that are found, at that confidence; 0-1.</param>
/// <param name="AP50">Average precision at an overlap of 0.50.</param>
/// <param name="AP">Average precision, mean over the overlaps 0.50 to 0.95.</param>
public sealed record ClassMetrics(
    int ClassId, string ClassName, int Images, int Instances, double Precision, double Recall, double AP50, double AP)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{ClassName}: P {Precision:0.000}  R {Recall:0.000}  AP50 {AP50:0.000}  AP50-95 {AP:0.000}");
}
