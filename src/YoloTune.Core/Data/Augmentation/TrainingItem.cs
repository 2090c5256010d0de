namespace YoloTune.Data.Augmentation;

/// <summary>One training item: planes R, G, B and the boxes on it.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Planes">3 x height x width bytes, R, G, B.</param>
/// <param name="Classes">The class id of each box.</param>
/// <param name="Boxes">Centre x, centre y, width, height of each box, divided by the item's width or height.</param>
public sealed record TrainingItem(int Height, int Width, byte[] Planes, float[] Classes, float[] Boxes);
