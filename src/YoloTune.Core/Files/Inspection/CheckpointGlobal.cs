namespace YoloTune.Files.Inspection;

/// <summary>A class or function that a pickle names, or an operator that an ONNX graph uses.</summary>
/// <param name="Name">Its name, "torch.nn.modules.conv.Conv2d" or "Conv".</param>
/// <param name="Count">How often it is named.</param>
/// <param name="IsDangerous">Whether naming it is refused.</param>
public sealed record CheckpointGlobal(string Name, int Count, bool IsDangerous)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
