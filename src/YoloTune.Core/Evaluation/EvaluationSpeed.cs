namespace YoloTune.Evaluation;

/// <summary>Milliseconds an image takes in each step of an evaluation; null where a step was not measured.</summary>
/// <param name="Preprocess">Waiting for the batch, moving it to the device, turning it into the network's number format.</param>
/// <param name="Inference">The forward pass and the decoding of its output.</param>
/// <param name="Loss">The loss, where one was asked for.</param>
/// <param name="Postprocess">Suppression, matching and counting.</param>
public sealed record EvaluationSpeed(double? Preprocess, double? Inference, double? Loss, double? Postprocess)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Preprocess:0.0} ms preprocessing, {Inference:0.0} ms inference, {Postprocess:0.0} ms postprocessing per image");
}
