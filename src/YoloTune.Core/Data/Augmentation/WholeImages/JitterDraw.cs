namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Factors of a colour jitter, in the order in which they are applied.</summary>
/// <param name="Steps">The steps; those whose range is 0 are left out.</param>
internal sealed record JitterDraw(IReadOnlyList<(JitterStep Step, double Factor)> Steps);

/// <summary>What a step of a colour jitter changes.</summary>
internal enum JitterStep
{
    Brightness,
    Contrast,
    Saturation,
    Hue,
}
