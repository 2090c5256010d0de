using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>Blends two items (Zhang et al., mixup, 2018).</summary>
internal static class MixUp
{
    /// <summary>Both parameters of the beta distribution that the fraction of the first image comes from.</summary>
    public const double Beta = 32;

    /// <summary>
    /// Changes <paramref name="first"/> to first x share + second x (1 - share), truncated; labels are joined by the caller.
    /// </summary>
    public static void Apply(ImageBuffer first, ImageBuffer second, double share)
    {
        Span<byte> target = first.Bytes;
        ReadOnlySpan<byte> other = second.Bytes;
        double rest = 1 - share;
        for (int i = 0; i < target.Length; i++) target[i] = (byte)(target[i] * share + other[i] * rest);
    }
}
