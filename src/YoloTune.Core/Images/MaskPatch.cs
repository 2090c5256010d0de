namespace YoloTune.Images;

/// <summary>The part of a mask that has pixels: its place in the mask and its pixels, 0 or 1, row by row.</summary>
internal readonly record struct MaskPatch(int Left, int Top, int Width, int Height, byte[] Pixels, int Area)
{
    /// <summary>A mask without a pixel.</summary>
    public static MaskPatch Empty { get; } = new(0, 0, 0, 0, [], 0);

    /// <summary>The pixel at a place of the picture: 0 beyond the part.</summary>
    public byte At(int x, int y)
    {
        int column = x - Left, row = y - Top;
        return (uint)column < (uint)Width && (uint)row < (uint)Height ? Pixels[row * Width + column] : (byte)0;
    }

    /// <summary>Writes a value wherever the mask is set.</summary>
    public void Paint<T>(Span<T> picture, int width, T value)
    {
        for (int y = 0; y < Height; y++)
        {
            Span<T> row = picture.Slice((Top + y) * width + Left, Width);
            ReadOnlySpan<byte> pixels = Pixels.AsSpan(y * Width, Width);
            for (int x = 0; x < Width; x++)
            {
                if (pixels[x] != 0) row[x] = value;
            }
        }
    }
}
