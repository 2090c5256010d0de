using System.Collections.Concurrent;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>
/// The typeface of every picture: Inter, carried inside this assembly, because servers and containers often have no font at all and
/// SkiaSharp then draws no text without saying so. Characters that Inter lacks (Chinese, Japanese, Korean, emoji) come from the
/// system's fonts where there are any, else as Inter's empty box.
/// </summary>
internal static class PictureFont
{
    /// <summary>The family name under which plots know the typeface.</summary>
    public const string Family = "Inter";

    private static readonly ConcurrentDictionary<int, SKTypeface?> Fallbacks = new();
    private static readonly Lazy<bool> Registered = new(RegisterOnce);

    /// <summary>Inter Regular. Shared: never dispose it.</summary>
    public static SKTypeface Regular { get; } = Load("Inter-Regular.ttf");

    /// <summary>Inter Bold. Shared: never dispose it.</summary>
    public static SKTypeface Bold { get; } = Load("Inter-Bold.ttf");

    /// <summary>The width of a line of text in pixels.</summary>
    /// <param name="text">One line; control characters count as spaces.</param>
    /// <param name="size">Font size in pixels.</param>
    /// <param name="bold">Whether the bold face is meant.</param>
    public static float Measure(string text, float size, bool bold = false)
    {
        float width = 0;
        foreach ((SKTypeface face, string part) in Split(text, bold))
        {
            using var font = CreateFont(face, size);
            width += font.MeasureText(part);
        }
        return width;
    }

    /// <summary>Draws one line of text.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="text">One line; control characters are drawn as spaces.</param>
    /// <param name="x">Left edge in pixels.</param>
    /// <param name="baseline">Baseline in pixels from the top.</param>
    /// <param name="size">Font size in pixels.</param>
    /// <param name="colour">Colour of the text.</param>
    /// <param name="bold">Whether to use the bold face.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float baseline, float size, SKColor colour, bool bold = false)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        foreach ((SKTypeface face, string part) in Split(text, bold))
        {
            using var font = CreateFont(face, size);
            canvas.DrawText(part, x, baseline, font, paint);
            x += font.MeasureText(part);
        }
    }

    /// <summary>Shortens a text to at most <paramref name="length"/> characters, the last an ellipsis if anything was cut.</summary>
    public static string Shorten(string text, int length)
    {
        int[] elements = System.Globalization.StringInfo.ParseCombiningCharacters(text);
        return elements.Length <= length ? text : string.Concat(text.AsSpan(0, elements[length - 1]).TrimEnd(), "\u2026");
    }

    /// <summary>Makes ScottPlot draw with this typeface; harmless when repeated.</summary>
    internal static void Register() => _ = Registered.Value;

    /// <summary>The family to draw a plot's text with: Inter, or a system family that has the characters Inter lacks.</summary>
    internal static string FamilyFor(IEnumerable<string> texts)
    {
        foreach (Rune rune in texts.SelectMany(t => t.EnumerateRunes()))
        {
            if (!Regular.ContainsGlyph(rune.Value) && Fallback(rune.Value) is { } face) return face.FamilyName;
        }
        return Family;
    }

    private static IEnumerable<(SKTypeface Face, string Text)> Split(string text, bool bold)
    {
        SKTypeface own = bold ? Bold : Regular, current = own;
        var part = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune shown = Rune.IsControl(rune) ? new Rune(' ') : rune;
            SKTypeface face = own.ContainsGlyph(shown.Value) ? own : Fallback(shown.Value) ?? own;
            if (!ReferenceEquals(face, current) && part.Length > 0)
            {
                yield return (current, part.ToString());
                part.Clear();
            }
            current = face;
            part.Append(shown.ToString());
        }
        if (part.Length > 0) yield return (current, part.ToString());
    }

    private static SKTypeface? Fallback(int codePoint) => Fallbacks.GetOrAdd(codePoint, FindInSystem);

    private static SKTypeface? FindInSystem(int codePoint)
    {
        SKFontManager fonts = SKFontManager.Default;
        if (fonts.MatchCharacter(codePoint) is { } match && match.ContainsGlyph(codePoint)) return match;
        // Skia built without fontconfig, as ours on Linux, lists the families but matches no character.
        return fonts.FontFamilies.Select(fonts.MatchFamily).FirstOrDefault(face => face is not null && face.ContainsGlyph(codePoint));
    }

    private static SKFont CreateFont(SKTypeface face, float size) => new(face, size) { Subpixel = true, Edging = SKFontEdging.Antialias };

    private static SKTypeface Load(string resource)
    {
        using Stream stream = typeof(PictureFont).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks its font {resource}; build it again.");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The font {resource} inside the assembly is damaged.");
    }

    private static bool RegisterOnce()
    {
        Fonts.FontResolvers.Insert(0, new Resolver());
        Fonts.Default = Family;
        Fonts.Sans = Family;
        return true;
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing)
            => fontName == Family ? weight >= FontWeight.SemiBold ? Bold : Regular : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic)
            => fontName == Family ? bold ? Bold : Regular : null;
    }
}
