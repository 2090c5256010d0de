using YoloTune.Data.Labels;
using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>
/// Applies draws to images, in the reference's order: mosaic, copy-paste, affine, mixup, cutmix, colours, flips, format. Mosaic and
/// affine are one warp, which reads the images themselves.
/// </summary>
internal sealed class ItemComposer(ITrainingImages images, AugmentationOptions options, TaskLabels? task = null)
{
    private readonly TaskLabels task = task ?? TaskLabels.Boxes;

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
                Outlines.Equalise(boxes);
            }
            if (draw.CutMix is { } cut)
            {
                (ImageBuffer second, List<PixelBox> others) = Frame(cut, height, width);
                using (second) CutMix.Apply(image, boxes, second, others, draw.CutMixRectangles!);
                Outlines.Equalise(boxes);
            }
            Format(draw, image, planes);
        }
        IReadOnlyList<int>? flip = task.Keypoints?.FlipIndex;
        if (draw.FlipVertically) boxes = boxes.ConvertAll(box => box.FlipVertically(height, flip));
        if (draw.FlipHorizontally) boxes = boxes.ConvertAll(box => box.FlipHorizontally(width, flip));
        return boxes;
    }

    /// <summary>The objects of an item with boxes divided by its width and height.</summary>
    public static Instances Normalise(List<PixelBox> boxes, int height, int width)
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
        return new(classes, normalised);
    }

    /// <summary>The labels of an image in the pixels of a frame it is put into.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="task">What becomes of them.</param>
    /// <param name="height">Rows of the image as it is loaded.</param>
    /// <param name="width">Columns of the image as it is loaded.</param>
    /// <param name="ratio">What its sides are multiplied by.</param>
    /// <param name="left">Column of the frame that its left edge comes to.</param>
    /// <param name="top">Row of the frame that its top edge comes to.</param>
    internal static IEnumerable<PixelBox> ObjectsOf(
        LabelSet labels, TaskLabels task, int height, int width, double ratio, float left, float top)
    {
        float scaledHeight = (float)(height * ratio), scaledWidth = (float)(width * ratio);
        int points = labels.Polygons is null ? 0 : Outlines.CountFor(labels.Polygons, task.OutlinePoints);
        for (int i = 0; i < labels.Count; i++)
        {
            LabelBox box = labels.Boxes[i];
            yield return new PixelBox(
                labels.Classes[i], scaledWidth * (box.X - box.Width / 2) + left, scaledHeight * (box.Y - box.Height / 2) + top,
                scaledWidth * (box.X + box.Width / 2) + left, scaledHeight * (box.Y + box.Height / 2) + top,
                labels.Polygons is { } polygons ? ToPixels(Outlines.Resample(polygons[i], points), Points.Outline) : null,
                labels.Keypoints is { } keypoints ? ToPixels(keypoints[i], Points.Keypoint) : null);
        }

        // In two steps, as the reference multiplies: masks are filled from points that are cut to integers.
        float[] ToPixels(float[] normalised, int step) => Points.Scale(
            Points.Scale(normalised, step, width, 0, height, 0), step, (float)ratio, left, (float)ratio, top)!;
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
            boxes.AddRange(ObjectsOf(
                images.Labels(indices[i]), task, loaded[i].Height, loaded[i].Width, 1, places[i].OriginX, places[i].OriginY));
        }
        Outlines.Equalise(boxes);
        for (int i = 0; i < boxes.Count; i++) boxes[i] = boxes[i].Clip(0, 0, 2 * imageSize, 2 * imageSize);
        boxes.RemoveAll(box => !(box.Area > 0));
    }

    private void AddAlone(int index, int height, int width, List<WarpTile> tiles, List<PixelBox> boxes)
    {
        using ImageBuffer loaded = images.Load(index);
        LetterboxGeometry fit = Letterbox.Fit(loaded.Height, loaded.Width, height, width);
        tiles.Add(WarpTile.Whole(Resizer.Resize(loaded, fit.ResizedHeight, fit.ResizedWidth), fit.Left, fit.Top));
        boxes.AddRange(ObjectsOf(images.Labels(index), task, loaded.Height, loaded.Width, fit.Ratio, fit.Left, fit.Top));
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
        CopyPaste.Mirror(canvas, boxes, options.CopyPaste, task.Keypoints?.FlipIndex);
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
