using Microsoft.Win32.SafeHandles;

namespace YoloTune.Data.Features;

/// <summary>Keeps features in a file, which goes when this does; one that a killed process left is overwritten.</summary>
internal sealed class FileFeatureStorage : IFeatureStorage
{
    private readonly SafeFileHandle file;
    private readonly int bytesPerPlace;

    /// <exception cref="IOException">The file cannot be made, or the disk is full.</exception>
    public FileFeatureStorage(string path, long places, int bytesPerPlace)
    {
        this.bytesPerPlace = bytesPerPlace;
        file = File.OpenHandle(
            path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.RandomAccess,
            preallocationSize: places * bytesPerPlace);
    }

    /// <inheritdoc/>
    public void Write(long place, ReadOnlySpan<byte> bytes) => RandomAccess.Write(file, bytes, place * bytesPerPlace);

    /// <inheritdoc/>
    public void Read(long place, Span<byte> bytes)
    {
        long offset = place * bytesPerPlace;
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0) throw new EndOfStreamException("The feature cache's file is shorter than it was.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
