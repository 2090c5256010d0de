using SkiaSharp;
using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Samples;

/// <summary>Draws one image: shapes of any colour, size and turn on a textured ground, hardly overlapping.</summary>
internal sealed class SamplePainter(IReadOnlyList<Func<SKPath>> shapes, SampleDatasetOptions options)
{
    private const int Tries = 20;
    private const float LargestOverlap = 0.05f;
    private const double UsualTurn = 25, AnyTurn = 180;

    // Oriented boxes are there for things that lie at any angle.
    private double LargestTurn => options.Rows == LabelRowKind.Corners ? AnyTurn : UsualTurn;

    /// <summary>Draws the image of an index and gives its objects.</summary>
    public List<SampleObject> Paint(int index, string path)
    {
        RandomStream stream = new(options.Seed, "sample", index);
        int size = options.ImageSize;
        using SKBitmap bitmap = new(new SKImageInfo(size, size, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        double groundHue = Ground(canvas, stream, size);
        List<SampleObject> labels = [];
        List<SKRect> taken = [];
        bool whole = options.Task is { PredictsObjects: false };
        int count = whole ? 1 : 1 + stream.Next(Math.Max(1, options.LargestObjectCount));
        for (int i = 0; i < count; i++)
        {
            // Every class appears equally often over the images, whatever their number.
            int id = i == 0 ? index % shapes.Count : stream.Next(shapes.Count);
            if (Place(canvas, stream, id, size, groundHue, taken) is { } drawn) labels.Add(drawn);
        }
        canvas.Flush();
        Noise(bitmap, stream);
        using SKPixmap pixmap = bitmap.PeekPixels();
        ImageEncoder.Save(pixmap, path, quality: 92);
        return labels;
    }

    private SampleObject? Place(SKCanvas canvas, RandomStream stream, int id, int size, double groundHue, List<SKRect> taken)
    {
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            float radius =
                (float)(size * (options.Task is { PredictsObjects: false } ? stream.Uniform(0.2, 0.36) : stream.Uniform(0.06, 0.2)));
            (float x, float y) = ((float)stream.Uniform(radius, size - radius), (float)stream.Uniform(radius, size - radius));
            SKMatrix place = SKMatrix.CreateTranslation(x, y)
                .PreConcat(SKMatrix.CreateRotationDegrees((float)stream.Uniform(-LargestTurn, LargestTurn)))
                .PreConcat(SKMatrix.CreateScale(radius, radius * (float)stream.Uniform(0.8, 1.2)));
            using SKPath path = shapes[id]();
            SKRect upright = path.TightBounds;
            path.Transform(place);
            SKRect bounds = path.TightBounds;
            bool fits = bounds.Left >= 1 && bounds.Top >= 1 && bounds.Right <= size - 1 && bounds.Bottom <= size - 1;
            if (!fits || taken.Exists(other => Overlap(bounds, other) > LargestOverlap)) continue;
            taken.Add(bounds);
            double hue = (groundHue + stream.Uniform(60, 300)) % 360;
            using SKPaint fill = new()
            {
                IsAntialias = true,
                Color = SKColor.FromHsv((float)hue, (float)stream.Uniform(55, 100), (float)stream.Uniform(55, 100)),
            };
            canvas.DrawPath(path, fill);
            using SKPaint edge = new()
            {
                IsAntialias = true, IsStroke = true, StrokeWidth = Math.Max(1, radius / 16), Color = SKColors.Black.WithAlpha(90),
            };
            canvas.Save();
            canvas.ClipPath(path, antialias: true);
            canvas.DrawPath(path, edge);
            canvas.Restore();
            return SampleObject.Of(id, path, bounds, upright, place, size);
        }
        return null;
    }

    private static double Ground(SKCanvas canvas, RandomStream stream, int size)
    {
        double hue = stream.Uniform(0, 360);
        SKColor Shade() => SKColor.FromHsv(
            (float)((hue + stream.Uniform(-30, 30) + 360) % 360), (float)stream.Uniform(5, 40), (float)stream.Uniform(35, 90));
        float Anywhere() => (float)stream.Uniform(0, size);
        using SKShader gradient = SKShader.CreateLinearGradient(
            new SKPoint(0, 0), new SKPoint((float)stream.Uniform(0, size), size), [Shade(), Shade(), Shade()], SKShaderTileMode.Clamp);
        using SKPaint ground = new() { Shader = gradient };
        canvas.DrawRect(0, 0, size, size, ground);
        for (int i = 0; i < 14; i++)
        {
            using SKPaint line = new()
            {
                IsAntialias = true, IsStroke = true, Color = Shade().WithAlpha(110), StrokeWidth = (float)stream.Uniform(1, size / 40.0),
            };
            canvas.DrawLine(Anywhere(), Anywhere(), Anywhere(), Anywhere(), line);
        }
        return hue;
    }

    private static void Noise(SKBitmap bitmap, RandomStream stream)
    {
        const int Amplitude = 12;
        Span<byte> bytes = bitmap.GetPixelSpan();
        for (int i = 0; i < bytes.Length; i += 4)
        {
            ulong bits = stream.NextBits();
            for (int c = 0; c < 3; c++)
            {
                int change = (int)((bits >> (8 * c)) & 255) * (2 * Amplitude + 1) / 256 - Amplitude;
                bytes[i + c] = (byte)Math.Clamp(bytes[i + c] + change, 0, 255);
            }
        }
    }

    private static float Overlap(SKRect first, SKRect second)
    {
        if (!first.IntersectsWith(second)) return 0;
        SKRect shared = SKRect.Intersect(first, second);
        return shared.Width * shared.Height / Math.Min(first.Width * first.Height, second.Width * second.Height);
    }
}
