using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>A parameter as the optimiser sees it.</summary>
/// <param name="Name">Its state-dict name: the key of its optimiser state.</param>
/// <param name="Value">The parameter itself, float32; its gradient may be absent.</param>
/// <param name="Multiplier">Scales the group's learning rate for this parameter, in warm-up too.</param>
internal sealed record TrainableParameter(string Name, torch.Tensor Value, double Multiplier = 1);
