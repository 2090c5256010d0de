using YoloTune.Data.Labels;
using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>
/// Applies draws to images, in the reference's order: mosaic, copy-paste, affine, mixup, cutmix, colours, flips, format. Mosaic and
/// affine are one warp, which reads the images themselves.
/// </summary>
internal sealed class ItemComposer(ITrainingImages images, AugmentationOptions options)
{
    /// <summary>Makes an item.</summary>
    /// <param name="draw">What was drawn.</param>
    /// <param name="height">Rows of the item.</param>
    /// <param name="width">Columns of the item.</param>
    /// <param name="planes">Receives 3 x height x width bytes: R, G, B.</param>
    /// <returns>The boxes, in pixels of the item.</returns>
    public List<PixelBox> Compose(ItemDraw draw, int height, int width, Span<byte> planes)
    {
        (ImageBuffer image, List<PixelBox> boxes) = Frame(draw.First, height, width);
        using (image)
        {
            if (draw.CopyPaste is { } pasted)
            {
                (ImageBuffer source, List<PixelBox> candidates) = Frame(pasted, height, width);
                using (source) CopyPaste.Paste(image, boxes, source, candidates, options.CopyPaste);
            }
            if (draw.MixUp is { } mixed)
            {
                (ImageBuffer second, List<PixelBox> others) = Frame(mixed, height, width);
                using (second) MixUp.Apply(image, second, draw.MixUpShare);
                boxes.AddRange(others);
            }
            if (draw.CutMix is { } cut)
            {
                (ImageBuffer second, List<PixelBox> others) = Frame(cut, height, width);
                using (second) CutMix.Apply(image, boxes, second, others, draw.CutMixRectangles!);
            }
            Format(draw, image, planes);
        }
        if (draw.FlipVertically) boxes = boxes.ConvertAll(box => box.FlipVertically(height));
        if (draw.FlipHorizontally) boxes = boxes.ConvertAll(box => box.FlipHorizontally(width));
        return boxes;
    }

    /// <summary>Classes and normalised boxes (centre and size) of an item.</summary>
    public static (float[] Classes, float[] Boxes) Normalise(List<PixelBox> boxes, int height, int width)
    {
        float[] classes = new float[boxes.Count], normalised = new float[4 * boxes.Count];
        for (int i = 0; i < boxes.Count; i++)
        {
            PixelBox box = boxes[i];
            classes[i] = box.Class;
            normalised[4 * i] = (box.Left + box.Right) / 2 / width;
            normalised[4 * i + 1] = (box.Top + box.Bottom) / 2 / height;
            normalised[4 * i + 2] = box.Width / width;
            normalised[4 * i + 3] = box.Height / height;
        }
        return (classes, normalised);
    }

    /// <summary>One image up to and with the affine change.</summary>
    internal (ImageBuffer Image, List<PixelBox> Boxes) Frame(FrameDraw draw, int height, int width)
    {
        List<WarpTile> tiles = [];
        List<PixelBox> boxes = [];
        try
        {
            (int canvasHeight, int canvasWidth) = (height, width);
            if (draw.Mosaic is { } mosaic)
            {
                (canvasHeight, canvasWidth) = (2 * height, 2 * width);
                AddMosaic(draw.Image, mosaic, height, tiles, boxes);
            }
            else
            {
                AddAlone(draw.Image, height, width, tiles, boxes);
            }
            if (options is { CopyPaste: > 0, CopyPasteMode: CopyPasteMode.Flip } && boxes.Exists(box => box.Polygon is not null))
                MirrorObjects(tiles, boxes, canvasHeight, canvasWidth);

            float[] matrix = RandomPerspective.Matrix(draw.Perspective, canvasHeight, canvasWidth, height, width);
            bool perspective = options.Perspective > 0;
            ImageBuffer image = ImageBuffer.Rent(height, width);
            Warp.Apply([.. tiles], matrix, perspective, image);
            return (image, RandomPerspective.Transform(boxes, matrix, (float)draw.Perspective.Scale, height, width, perspective));
        }
        finally
        {
            foreach (WarpTile tile in tiles) tile.Image.Dispose();
        }
    }

    /// <summary>The boxes on a mosaic's canvas, before the affine change.</summary>
    internal List<PixelBox> MosaicBoxes(int first, MosaicDraw mosaic, int imageSize)
    {
        List<WarpTile> tiles = [];
        List<PixelBox> boxes = [];
        AddMosaic(first, mosaic, imageSize, tiles, boxes);
        tiles.ForEach(tile => tile.Image.Dispose());
        return boxes;
    }

    private void AddMosaic(int first, MosaicDraw mosaic, int imageSize, List<WarpTile> tiles, List<PixelBox> boxes)
    {
        int[] indices = [first, .. mosaic.Partners];
        List<ImageBuffer> loaded = [];
        try
        {
            foreach (int index in indices) loaded.Add(images.Load(index));
        }
        catch
        {
            loaded.ForEach(image => image.Dispose());
            throw;
        }
        (int, int)[] sizes = [.. loaded.Select(image => (image.Height, image.Width))];
        MosaicTile[] places = indices.Length == 9
            ? Mosaic.ArrangeNine(sizes, imageSize)
            : Mosaic.ArrangeFour(sizes, mosaic.CentreX, mosaic.CentreY, imageSize);
        for (int i = 0; i < indices.Length; i++)
        {
            tiles.Add(new WarpTile(loaded[i], places[i]));
            foreach (PixelBox box in ToPixels(
                images.Labels(indices[i]), loaded[i].Height, loaded[i].Width, places[i].OriginX, places[i].OriginY))
            {
                PixelBox cut = box.Clip(0, 0, 2 * imageSize, 2 * imageSize);
                if (cut.Area > 0) boxes.Add(cut);
            }
        }
    }

    private void AddAlone(int index, int height, int width, List<WarpTile> tiles, List<PixelBox> boxes)
    {
        using ImageBuffer loaded = images.Load(index);
        LetterboxGeometry fit = Letterbox.Fit(loaded.Height, loaded.Width, height, width);
        tiles.Add(WarpTile.Whole(Resizer.Resize(loaded, fit.ResizedHeight, fit.ResizedWidth), fit.Left, fit.Top));
        float scaledHeight = (float)(loaded.Height * fit.Ratio), scaledWidth = (float)(loaded.Width * fit.Ratio);
        boxes.AddRange(ToPixels(images.Labels(index), scaledHeight, scaledWidth, fit.Left, fit.Top));
    }

    // Pasting needs the canvas itself, and so it is drawn here and becomes the only tile.
    private void MirrorObjects(List<WarpTile> tiles, List<PixelBox> boxes, int height, int width)
    {
        ImageBuffer canvas = ImageBuffer.Rent(height, width);
        canvas.Fill();
        foreach (WarpTile tile in tiles)
        {
            MosaicTile place = tile.Place;
            for (int y = place.Top; y < place.Bottom; y++)
            {
                tile.Image.Row(y - place.OriginY)[(place.Left - place.OriginX)..(place.Right - place.OriginX)]
                    .CopyTo(canvas.Row(y)[place.Left..]);
            }
            tile.Image.Dispose();
        }
        tiles.Clear();
        tiles.Add(WarpTile.Whole(canvas, 0, 0));
        CopyPaste.Mirror(canvas, boxes, options.CopyPaste);
    }

    private static IEnumerable<PixelBox> ToPixels(LabelSet labels, float height, float width, int left, int top)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            LabelBox box = labels.Boxes[i];
            float[]? polygon = labels.Polygons is { } polygons
                ? [.. polygons[i].Select((value, axis) => axis % 2 == 0 ? value * width + left : value * height + top)]
                : null;
            yield return new PixelBox(
                labels.Classes[i], width * (box.X - box.Width / 2) + left, height * (box.Y - box.Height / 2) + top,
                width * (box.X + box.Width / 2) + left, height * (box.Y + box.Height / 2) + top, polygon);
        }
    }

    private void Format(ItemDraw draw, ImageBuffer image, Span<byte> planes)
    {
        int plane = image.Height * image.Width, width = image.Width;
        HsvJitter? jitter = HsvJitter.IsOff(options) ? null : new HsvJitter(draw.Hsv, options);
        for (int y = 0; y < image.Height; y++)
        {
            Span<uint> row = image.Row(y);
            jitter?.Apply(row);
            if (draw.FlipHorizontally) row.Reverse();
            int start = (draw.FlipVertically ? image.Height - 1 - y : y) * width;
            Span<byte> first = planes.Slice(start, width), last = planes.Slice(2 * plane + start, width);
            Span<byte> green = planes.Slice(plane + start, width);
            if (draw.KeepBgr) PlanarRgb.WriteRow(row, first, green, last);
            else PlanarRgb.WriteRow(row, last, green, first);
        }
    }
}
