namespace YoloTune.Data.Augmentation;

/// <summary>One training item: planes R, G, B and the objects on it.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Planes">3 x height x width bytes, R, G, B.</param>
/// <param name="Objects">The labelled objects.</param>
internal sealed record TrainingItem(int Height, int Width, byte[] Planes, Instances Objects);
