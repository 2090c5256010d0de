namespace YoloTune.Evaluation;

/// <summary>Milliseconds an image takes in each step of an evaluation; null where a step was not measured.</summary>
/// <param name="Preprocess">Waiting for the batch, moving it to the device, turning it into the network's number format.</param>
/// <param name="Inference">The forward pass and the decoding of its output.</param>
/// <param name="Loss">The loss, where one was asked for.</param>
/// <param name="Postprocess">Suppression, matching and counting.</param>
public sealed record EvaluationSpeed(double? Preprocess, double? Inference, double? Loss, double? Postprocess);
