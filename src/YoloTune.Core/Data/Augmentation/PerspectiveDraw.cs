using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>What was drawn for one random affine or perspective change.</summary>
/// <param name="PerspectiveX">Bottom row of the matrix, first entry.</param>
/// <param name="PerspectiveY">Bottom row of the matrix, second entry.</param>
/// <param name="Angle">Degrees, counter-clockwise on the screen.</param>
/// <param name="Scale">Gain.</param>
/// <param name="ShearX">Degrees.</param>
/// <param name="ShearY">Degrees.</param>
/// <param name="TranslateX">Where the canvas's centre goes, as a fraction of the output width.</param>
/// <param name="TranslateY">Where the canvas's centre goes, as a fraction of the output height.</param>
internal sealed record PerspectiveDraw(
    double PerspectiveX, double PerspectiveY, double Angle, double Scale, double ShearX, double ShearY,
    double TranslateX, double TranslateY)
{
    /// <summary>Draws all values within the options' limits.</summary>
    public static PerspectiveDraw Draw(RandomStream stream, AugmentationOptions options) => new(
        stream.Uniform(-options.Perspective, options.Perspective), stream.Uniform(-options.Perspective, options.Perspective),
        stream.Uniform(-options.Degrees, options.Degrees), stream.Uniform(1 - options.Scale, 1 + options.Scale),
        stream.Uniform(-options.Shear, options.Shear), stream.Uniform(-options.Shear, options.Shear),
        stream.Uniform(0.5 - options.Translate, 0.5 + options.Translate), stream.Uniform(0.5 - options.Translate, 0.5 + options.Translate));
}
