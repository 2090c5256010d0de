namespace YoloTune.Files.Onnx;

/// <summary>One operation.</summary>
/// <param name="Operator">The operator, of the default domain.</param>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Inputs">Names of values and initializers.</param>
/// <param name="Outputs">Names of what it computes.</param>
/// <param name="Attributes">Attributes: long, float, string or <c>long[]</c>.</param>
internal sealed record OnnxNode(
    string Operator, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyList<(string Name, object Value)> Attributes);
