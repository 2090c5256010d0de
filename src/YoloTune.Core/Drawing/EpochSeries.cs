namespace YoloTune.Drawing;

/// <summary>A number that a training run writes down once an epoch.</summary>
/// <param name="Name">Its name, such as train/box_loss.</param>
/// <param name="Epochs">The epochs, ascending.</param>
/// <param name="Values">The value at each epoch; NaN where there is none.</param>
internal sealed record EpochSeries(string Name, IReadOnlyList<double> Epochs, IReadOnlyList<double> Values);
