using SkiaSharp;
using YoloTune.Basics;
using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>A sheet of pictures in rows, each with objects on it and a caption below.</summary>
internal static class ContactSheet
{
    private const int UsualGap = 8, CaptionHeight = 22, TitleHeight = 36, LegendRow = 24;
    private const float CaptionText = 13, TitleText = 20, Tiny = 24, InsetShare = 0.36f, InsetAround = 5, Between = 3;

    /// <summary>Draws a sheet and writes it by its extension.</summary>
    public static void Save(IReadOnlyList<PictureTile> tiles, SheetLayout layout, string path)
    {
        using SKSurface surface = Draw(tiles, layout);
        PictureFile.Save(surface, path);
    }

    /// <summary>Draws a sheet; the caller disposes it.</summary>
    public static SKSurface Draw(IReadOnlyList<PictureTile> tiles, SheetLayout layout)
    {
        (int gap, int below) = layout.IsBare ? (0, 0) : (UsualGap, CaptionHeight);
        int panels = Math.Max(1, tiles.Select(tile => tile.Panels.Count).DefaultIfEmpty(1).Max());
        int columns = Math.Clamp(layout.Columns, 1, Math.Max(1, tiles.Count)), rows = (tiles.Count + columns - 1) / columns;
        int tileWidth = panels * layout.PanelWidth, tileHeight = layout.PanelHeight + below;
        int width = gap + (columns * (tileWidth + gap));
        (List<(float X, int Row, int Entry)> legend, int legendRows) = Legend(layout.Legend, width);
        int top = layout.Title.Length > 0 ? TitleHeight : gap;
        SKSurface surface = SKSurface.Create(new SKImageInfo(
            width, top + (rows * (tileHeight + gap)) + (legendRows * LegendRow) + (legendRows > 0 ? gap : 0)));
        SKCanvas canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        if (layout.Title.Length > 0) PictureFont.Draw(canvas, layout.Title, gap, TitleHeight - 12, TitleText, SKColors.Black, bold: true);
        for (int i = 0; i < tiles.Count; i++)
        {
            SKRect place = SKRect.Create(
                gap + (i % columns * (tileWidth + gap)), top + (i / columns * (tileHeight + gap)), tileWidth, tileHeight);
            Tile(canvas, place, tiles[i], layout);
        }
        float end = top + (rows * (tileHeight + gap));
        foreach ((float x, int row, int entry) in legend)
        {
            float y = end + (row * LegendRow);
            using SKPaint paint = new() { Color = layout.Legend[entry].Colour };
            canvas.DrawRect(SKRect.Create(x, y + 4, 14, 14), paint);
            PictureFont.Draw(canvas, layout.Legend[entry].Text, x + 20, y + 16, CaptionText, SKColors.Black);
        }
        return surface;
    }

    private static (List<(float X, int Row, int Entry)> Places, int Rows) Legend(IReadOnlyList<(SKColor Colour, string Text)> legend,
        int width)
    {
        List<(float, int, int)> places = [];
        float x = UsualGap;
        int row = 0;
        for (int i = 0; i < legend.Count; i++)
        {
            float wide = PictureFont.Measure(legend[i].Text, CaptionText) + 42;
            if (x + wide > width && x > UsualGap) (x, row) = (UsualGap, row + 1);
            places.Add((x, row, i));
            x += wide;
        }
        return (places, legend.Count == 0 ? 0 : row + 1);
    }

    private static void Tile(SKCanvas canvas, SKRect place, PictureTile tile, SheetLayout layout)
    {
        using SKBitmap? image = TryLoad(tile.Path, out string? fault);
        for (int i = 0; i < tile.Panels.Count; i++)
        {
            float width = layout.PanelWidth - (i + 1 < tile.Panels.Count ? Between : 0);
            SKRect room = SKRect.Create(place.Left + (i * layout.PanelWidth), place.Top, width, layout.PanelHeight);
            using (SKPaint ground = new() { Color = new SKColor(0xee, 0xee, 0xee) }) canvas.DrawRect(room, ground);
            if (image is not null) Panel(canvas, room, image, tile.Panels[i], layout);
            else PictureFont.Draw(canvas, fault ?? "", room.Left + 8, room.MidY, CaptionText, SKColors.DarkRed);
        }
        if (layout.IsBare) return;
        string caption = tile.Caption;
        for (int length = caption.Length; length > 8 && PictureFont.Measure(caption, CaptionText) > place.Width;)
            caption = MiddleCut.Shorten(tile.Caption, --length);
        PictureFont.Draw(canvas, caption, place.Left, place.Bottom - 6, CaptionText, SKColors.Black);
    }

    private static void Panel(SKCanvas canvas, SKRect room, SKBitmap image, PicturePanel panel, SheetLayout layout)
    {
        float scale = Math.Min(room.Width / image.Width, room.Height / image.Height);
        SKRect area = SKRect.Create(
            room.Left + ((room.Width - (image.Width * scale)) / 2), room.Top + ((room.Height - (image.Height * scale)) / 2),
            image.Width * scale, image.Height * scale);
        Picture(canvas, image, SKRect.Create(image.Width, image.Height), area);
        new ObjectPainter(canvas, area, scale, panel, layout.Lines).Paint();
        if (panel.Focus is { } focus) Inset(canvas, area, scale, image, focus);
    }

    /// <summary>A tiny object enlarged, in the corner that is farthest from it.</summary>
    private static void Inset(SKCanvas canvas, SKRect area, float scale, SKBitmap image, ImageObject focus)
    {
        float side = (float)Math.Max(focus.X2 - focus.X1, focus.Y2 - focus.Y1);
        if (side * scale >= Tiny || focus.IsWhole) return;
        float from = Math.Clamp(side * InsetAround, 8, Math.Min(image.Width, image.Height)),
            to = InsetShare * Math.Min(area.Width, area.Height);
        float x = (float)(focus.X1 + focus.X2) / 2, y = (float)(focus.Y1 + focus.Y2) / 2;
        SKRect source = SKRect.Create(
            Math.Clamp(x - (from / 2), 0, image.Width - from), Math.Clamp(y - (from / 2), 0, image.Height - from), from, from);
        SKRect place = SKRect.Create(
            x * 2 < image.Width ? area.Right - to : area.Left, y * 2 < image.Height ? area.Bottom - to : area.Top, to, to);
        Picture(canvas, image, source, place);
        using SKPaint rim = new() { Color = ClassPalette.Colour(focus.ClassId), IsStroke = true, StrokeWidth = 2 };
        canvas.DrawRect(place, rim);
        float zoom = to / from;
        canvas.DrawRect(new SKRect(
            place.Left + (((float)focus.X1 - source.Left) * zoom) - 2, place.Top + (((float)focus.Y1 - source.Top) * zoom) - 2,
            place.Left + (((float)focus.X2 - source.Left) * zoom) + 2, place.Top + (((float)focus.Y2 - source.Top) * zoom) + 2), rim);
    }

    private static void Picture(SKCanvas canvas, SKBitmap image, SKRect from, SKRect to)
    {
        using SKImage drawn = SKImage.FromBitmap(image);
        canvas.DrawImage(drawn, from, to, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    private static SKBitmap? TryLoad(string path, out string? fault)
    {
        try
        {
            fault = null;
            return PictureFile.Load(path);
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            fault = error is DatasetException known ? known.Reason : error.Message;
            return null;
        }
    }
}
