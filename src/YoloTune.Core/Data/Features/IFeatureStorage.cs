namespace YoloTune.Data.Features;

/// <summary>Where a feature cache keeps its bytes: places of one size.</summary>
internal interface IFeatureStorage : IDisposable
{
    /// <summary>Fills a place.</summary>
    void Write(long place, ReadOnlySpan<byte> bytes);

    /// <summary>Reads a place.</summary>
    void Read(long place, Span<byte> bytes);
}
