namespace YoloTune.Files.Onnx;

/// <summary>A constant of the graph.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes; none for a scalar.</param>
/// <param name="Data">Its elements, little-endian, row by row.</param>
internal sealed record OnnxInitializer(string Name, OnnxType Type, long[] Shape, byte[] Data);
