using SkiaSharp;

namespace YoloTune.Images;

/// <summary>Tells a JPEG that lacks only its end mark, whose picture is whole, from one that is cut off.</summary>
internal static class JpegEnd
{
    private const int FillerLength = 64;
    private const byte FirstFiller = 0x00, SecondFiller = 0x5A;

    /// <summary>
    /// Decodes a file that ends too early with an end mark put behind it. With bytes of no meaning before the mark a whole picture comes
    /// out the same whatever they are, as nothing of them is needed; in a picture that is cut off they stand for what is missing.
    /// </summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="image">Takes the picture; its content is undefined where the answer is no.</param>
    /// <param name="decode">Decodes a codec's picture into a buffer, and says whether that succeeded.</param>
    /// <returns>Whether the picture is whole.</returns>
    public static bool Supply(ReadOnlySpan<byte> file, ImageBuffer image, Func<SKCodec, ImageBuffer, bool> decode)
    {
        using ImageBuffer second = ImageBuffer.Rent(image.Height, image.Width);
        return Decode(file, FirstFiller, image, decode) && Decode(file, SecondFiller, second, decode)
            && image.Bytes.SequenceEqual(second.Bytes);
    }

    private static bool Decode(ReadOnlySpan<byte> file, byte filler, ImageBuffer image, Func<SKCodec, ImageBuffer, bool> decode)
    {
        // Half a mark would make another one of what follows it.
        file = file.TrimEnd((byte)0xFF);
        byte[] completed = new byte[file.Length + FillerLength + 2];
        file.CopyTo(completed);
        completed.AsSpan(file.Length, FillerLength).Fill(filler);
        completed[^2] = 0xFF;
        completed[^1] = 0xD9;
        using SKData data = SKData.CreateCopy(completed);
        using SKCodec? codec = SKCodec.Create(data);
        return codec is not null && decode(codec, image);
    }
}
