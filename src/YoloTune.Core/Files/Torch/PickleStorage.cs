namespace YoloTune.Files.Torch;

/// <summary>The persistent id of a torch storage: where the elements of one or several tensors lie.</summary>
/// <param name="Type">The storage class, torch.HalfStorage.</param>
/// <param name="Key">The name of its record, "0".</param>
/// <param name="Location">The device it was saved from; of no meaning here.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PickleStorage(PickleGlobal Type, string Key, string Location, long Count)
{
    /// <summary>The first element of a view of the storage, which torch before 0.4 wrote; 0 for the storage itself.</summary>
    public long Start { get; init; }

    /// <summary>The number of elements of the view, or of the storage.</summary>
    public long Part { get; init; } = Count;
}
