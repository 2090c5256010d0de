using YoloTune.Images;

namespace YoloTune.Prediction;

/// <summary>Where an object is, pixel by pixel.</summary>
public sealed class YoloMask
{
    private readonly MaskFrame frame;
    private readonly Lazy<IReadOnlyList<ImagePoint>> polygon;

    internal YoloMask(MaskPatch pixels, MaskFrame frame)
    {
        (Pixels, this.frame) = (pixels, frame);
        polygon = new(() => (ImagePoint[])[.. MaskPolygon.Of(pixels).Select(point => ToPoint(frame.ToImage(point.X, point.Y)))]);
        Area = pixels.Area / (frame.Gain * frame.Gain);
    }

    /// <summary>
    /// The outline in pixels of the original image. The outlines of several parts are one line that goes from one to the next and back;
    /// holes are not told apart.
    /// </summary>
    public IReadOnlyList<ImagePoint> Polygon => polygon.Value;

    /// <summary>The area in pixels of the original image, holes not counted.</summary>
    public double Area { get; }

    /// <summary>The pixels in the picture that the network looked at.</summary>
    internal MaskPatch Pixels { get; }

    /// <summary>The pixels of the original image.</summary>
    internal MaskPatch InImage() => frame.ToImage(Pixels);

    /// <summary>Points and area.</summary>
    public override string ToString() => FormattableString.Invariant($"{Polygon.Count} points, {Area:0} px");

    private static ImagePoint ToPoint((float X, float Y) place) => new(place.X, place.Y);
}
