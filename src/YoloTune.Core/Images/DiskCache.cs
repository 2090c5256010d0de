using System.Buffers.Binary;
using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>Decoded images as raw files: height, width, then the pixels.</summary>
internal sealed class DiskCache : IDisposable
{
    private const int HeaderBytes = 8;

    private readonly string folder;
    private readonly bool temporary;
    private long written;

    public DiskCache(string? folder, long? bound)
    {
        temporary = folder is null;
        this.folder = folder ?? Path.Combine(Path.GetTempPath(), "yolotune-images-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(this.folder);
        written = Directory.EnumerateFiles(this.folder, "*.pixels").Sum(file => new FileInfo(file).Length);
        Bound = bound ?? DiskSpace.Free(this.folder) / 2;
    }

    public long Bound { get; }

    public ImageBuffer? TryRead(string key)
    {
        string path = PathOf(key);
        if (!File.Exists(path)) return null;
        try
        {
            using FileStream file = SharedFile.Open(path, 1);
            Span<byte> header = stackalloc byte[HeaderBytes];
            file.ReadExactly(header);
            (int height, int width) = (BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
            ImageBuffer image = ImageBuffer.Rent(height, width);
            file.ReadExactly(image.Bytes);
            return image;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The cache is a help only: what cannot be read from it is decoded again.
            return null;
        }
    }

    public void Write(string key, ImageBuffer image)
    {
        if (Interlocked.Add(ref written, image.Bytes.Length + HeaderBytes) > Bound)
        {
            Interlocked.Add(ref written, -(image.Bytes.Length + HeaderBytes));
            return;
        }
        string path = PathOf(key), temporaryPath = path + "." + Guid.NewGuid().ToString("N");
        try
        {
            using (FileStream file = new(temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                Span<byte> header = stackalloc byte[HeaderBytes];
                BinaryPrimitives.WriteInt32LittleEndian(header, image.Height);
                BinaryPrimitives.WriteInt32LittleEndian(header[4..], image.Width);
                file.Write(header);
                file.Write(image.Bytes);
            }
            FileLayer.Current.Replace(temporaryPath, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk is full, or another reads the same image at this moment: it is decoded again the next time.
            AtomicFile.Discard(temporaryPath);
        }
    }

    public void Dispose()
    {
        if (!temporary || !Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A virus scanner may still look at a file; what stays lies in the system's folder for temporary files.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key + ".pixels");
}
