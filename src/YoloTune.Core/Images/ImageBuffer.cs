using System.Runtime.CompilerServices;

namespace YoloTune.Images;

/// <summary>
/// An image in memory: rows of pixels from the top, each pixel four bytes B, G, R and one that is not used, so that a pixel is one
/// aligned 32-bit word for the vector code. The storage is shared by count: <see cref="Share"/> takes part in it and
/// <see cref="Dispose"/> gives the part back; the last one returns pooled storage.
/// </summary>
internal sealed class ImageBuffer : IDisposable
{
    /// <summary>Bytes of one pixel.</summary>
    public const int BytesPerPixel = 4;

    /// <summary>The grey level of everything that is not image, as in the reference.</summary>
    public const byte FillLevel = 114;

    /// <summary>The fill as one pixel.</summary>
    internal const uint FillPixel = 0xFF000000u | (FillLevel << 16) | (FillLevel << 8) | FillLevel;

    // The vector code may read, never write, up to two vectors past the last pixel.
    private const int Slack = 64;

    private readonly bool pooled;
    private byte[]? storage;
    private int owners = 1;

    private ImageBuffer(int height, int width, byte[] storage, bool pooled)
    {
        Height = height;
        Width = width;
        this.storage = storage;
        this.pooled = pooled;
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * BytesPerPixel;

    /// <summary>Height x width x 4 bytes: B, G, R, unused.</summary>
    public Span<byte> Bytes => Storage.AsSpan(0, checked(Stride * Height));

    /// <summary>The pixels as 32-bit words, height x width.</summary>
    public Span<uint> Pixels => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(Bytes);

    /// <summary>Bytes the storage really takes, which is more than the pixels when it comes from the pool.</summary>
    internal int StorageBytes => Storage.Length;

    /// <summary>The first byte; what follows may be read <c>Slack</c> bytes past the last pixel.</summary>
    internal ref byte Start => ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(Storage);

    private byte[] Storage => storage ?? throw new ObjectDisposedException(nameof(ImageBuffer));

    /// <summary>An image whose storage comes from a pool; its pixels are undefined.</summary>
    public static ImageBuffer Rent(int height, int width) => new(height, width, ImageStorage.Rent(Length(height, width)), true);

    /// <summary>An image with storage of its own and of its size, for images that are kept; its pixels are undefined.</summary>
    public static ImageBuffer Allocate(int height, int width)
        => new(height, width, GC.AllocateUninitializedArray<byte>(Length(height, width)), false);

    /// <summary>An image from rows of B, G, R without a fourth byte (height x width x 3 bytes).</summary>
    public static ImageBuffer FromBgr(ReadOnlySpan<byte> bgr, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bgr.Length, checked(height * width * 3));
        ImageBuffer image = Rent(height, width);
        Span<uint> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = 0xFF000000u | ((uint)bgr[3 * i + 2] << 16) | ((uint)bgr[3 * i + 1] << 8) | bgr[3 * i];
        return image;
    }

    /// <summary>Height x width x 3 bytes B, G, R, as other programs keep images.</summary>
    public byte[] ToBgr()
    {
        byte[] bgr = new byte[Height * Width * 3];
        Span<uint> pixels = Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            bgr[3 * i] = (byte)pixels[i];
            bgr[3 * i + 1] = (byte)(pixels[i] >> 8);
            bgr[3 * i + 2] = (byte)(pixels[i] >> 16);
        }
        return bgr;
    }

    /// <summary>One row as 32-bit pixels.</summary>
    public Span<uint> Row(int y) => Pixels.Slice(y * Width, Width);

    /// <summary>Sets every pixel to the fill level.</summary>
    public void Fill() => Pixels.Fill(FillPixel);

    /// <summary>A copy with pooled storage of its own.</summary>
    public ImageBuffer Clone()
    {
        ImageBuffer copy = Rent(Height, Width);
        Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    /// <summary>Copies all pixels to (left, top) of a larger image.</summary>
    public void CopyTo(ImageBuffer target, int left, int top)
    {
        for (int y = 0; y < Height; y++) Row(y).CopyTo(target.Row(top + y)[left..]);
    }

    /// <summary>Takes part in the storage: the same object, to be disposed once more.</summary>
    /// <returns>False when the storage has gone already.</returns>
    internal bool TryShare()
    {
        int seen = Volatile.Read(ref owners);
        while (seen > 0)
        {
            int before = Interlocked.CompareExchange(ref owners, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }
        return false;
    }

    /// <summary>Takes part in the storage: the same object, to be disposed once more.</summary>
    public ImageBuffer Share() => TryShare() ? this : throw new ObjectDisposedException(nameof(ImageBuffer));

    /// <summary>Gives one part back; the last one frees the storage.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref owners) != 0) return;
        byte[]? freed = Interlocked.Exchange(ref storage, null);
        if (freed is not null && pooled) ImageStorage.Return(freed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Length(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return checked(height * width * BytesPerPixel + Slack);
    }
}
