namespace YoloTune.Files.Torch;

/// <summary>Something in a pickle that would run code if Python loaded it, or that has no place in a checkpoint.</summary>
/// <param name="Position">The byte of the pickle at which it stands.</param>
/// <param name="Opcode">The opcode that names or calls it.</param>
/// <param name="Global">The function or class concerned, or null.</param>
/// <param name="Reason">Why it is not read, as a sentence.</param>
internal sealed record PickleFinding(long Position, PickleOpcode Opcode, PickleGlobal? Global, string Reason)
{
    /// <summary>True for what runs nothing, but which no honest writer writes.</summary>
    public bool IsSuspicion { get; init; }
}
