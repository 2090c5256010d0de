using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>
/// Blends masks into a picture: half of what is there stays under each mask, and the brightest colour of the masks there is added by half.
/// </summary>
internal static class MaskBlend
{
    /// <summary>The fraction of the picture that a mask replaces by its colour.</summary>
    public const float Opacity = 0.5f;

    /// <summary>Changes a picture, which must be of one of the colour types with four bytes, red or blue first.</summary>
    public static void Apply(SKBitmap picture, IReadOnlyList<DrawnMask> masks)
    {
        if (masks.Count == 0) return;
        float[] kept = new float[picture.Width];
        float[][] added = [new float[picture.Width], new float[picture.Width], new float[picture.Width]];
        for (int y = 0; y < picture.Height; y++)
        {
            DrawnMask[] here = [.. masks.Where(mask => y >= mask.Pixels.Top && y < mask.Pixels.Top + mask.Pixels.Height)];
            if (here.Length == 0) continue;
            Array.Fill(kept, 1);
            foreach (float[] channel in added) Array.Clear(channel);
            foreach (DrawnMask mask in here) Add(mask, y, kept, added);
            // The bytes of a pixel stand in the order of the colour type.
            bool redFirst = picture.ColorType == SKColorType.Rgba8888;
            Span<byte> row = picture.GetPixelSpan().Slice(y * picture.RowBytes, picture.RowBytes);
            for (int x = 0; x < picture.Width; x++)
            {
                if (kept[x] == 1) continue;
                Span<byte> pixel = row.Slice(x * picture.BytesPerPixel, picture.BytesPerPixel);
                for (int channel = 0; channel < added.Length; channel++)
                    pixel[channel] = Mix(pixel[channel], kept[x], added[redFirst ? channel : 2 - channel][x]);
            }
        }
    }

    private static void Add(DrawnMask mask, int y, float[] kept, float[][] added)
    {
        float[] colour = [mask.Colour.Red, mask.Colour.Green, mask.Colour.Blue];
        ReadOnlySpan<byte> row = mask.Pixels.Pixels.AsSpan((y - mask.Pixels.Top) * mask.Pixels.Width, mask.Pixels.Width);
        for (int i = 0; i < row.Length; i++)
        {
            int x = mask.Pixels.Left + i;
            if (row[i] == 0 || (uint)x >= (uint)kept.Length) continue;
            kept[x] *= 1 - Opacity;
            for (int channel = 0; channel < added.Length; channel++)
                added[channel][x] = Math.Max(added[channel][x], Opacity * colour[channel]);
        }
    }

    private static byte Mix(byte value, float kept, float added) => (byte)Math.Clamp(value * kept + added, 0, 255);
}
