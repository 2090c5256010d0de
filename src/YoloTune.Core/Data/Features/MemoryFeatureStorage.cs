namespace YoloTune.Data.Features;

/// <summary>Keeps features in memory, each image in an array of its own, made when it is first written.</summary>
internal sealed class MemoryFeatureStorage(long places) : IFeatureStorage
{
    private readonly byte[]?[] kept = new byte[]?[places];

    /// <inheritdoc/>
    public void Write(long place, ReadOnlySpan<byte> bytes) => kept[place] = bytes.ToArray();

    /// <inheritdoc/>
    public void Read(long place, Span<byte> bytes) => kept[place]!.CopyTo(bytes);

    /// <inheritdoc/>
    public void Dispose() => Array.Clear(kept);
}
