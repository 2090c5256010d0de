namespace YoloTune.Data.Augmentation;

/// <summary>Lays several images out on one canvas of twice the image size (Bochkovskiy et al., YOLOv4, 2020).</summary>
internal static class Mosaic
{
    /// <summary>The places of 4 images around a centre: top left, top right, bottom left, bottom right.</summary>
    /// <param name="sizes">Height and width of each image.</param>
    /// <param name="centreX">Column where the four meet.</param>
    /// <param name="centreY">Row where the four meet.</param>
    /// <param name="imageSize">Side of the later item; the canvas is twice as large.</param>
    public static MosaicTile[] ArrangeFour(IReadOnlyList<(int Height, int Width)> sizes, int centreX, int centreY, int imageSize)
    {
        MosaicTile[] tiles = new MosaicTile[4];
        for (int i = 0; i < 4; i++)
        {
            (int height, int width) = sizes[i];
            tiles[i] = Cut(i % 2 == 0 ? centreX - width : centreX, i < 2 ? centreY - height : centreY, height, width, 2 * imageSize);
        }
        return tiles;
    }

    /// <summary>The places of 9 images: the first in the middle, the others around it clockwise from the top.</summary>
    /// <param name="sizes">Height and width of each image.</param>
    /// <param name="imageSize">Side of the later item; the canvas is twice as large.</param>
    public static MosaicTile[] ArrangeNine(IReadOnlyList<(int Height, int Width)> sizes, int imageSize)
    {
        int start = imageSize - imageSize / 2;
        (int middleHeight, int middleWidth) = sizes[0];
        MosaicTile[] tiles = new MosaicTile[9];
        for (int i = 0; i < 9; i++)
        {
            (int height, int width) = sizes[i];
            (int beforeHeight, int beforeWidth) = sizes[Math.Max(0, i - 1)];
            (int x, int y) = i switch
            {
                0 => (0, 0),
                1 => (0, -height),
                2 => (beforeWidth, -height),
                3 => (middleWidth, 0),
                4 => (middleWidth, beforeHeight),
                5 => (middleWidth - width, middleHeight),
                6 => (middleWidth - beforeWidth - width, middleHeight),
                7 => (-width, middleHeight - height),
                _ => (-width, middleHeight - beforeHeight - height),
            };
            tiles[i] = Cut(start + x, start + y, height, width, 2 * imageSize);
        }
        return tiles;
    }

    private static MosaicTile Cut(int x, int y, int height, int width, int canvas) => new(
        x, y, Math.Clamp(x, 0, canvas), Math.Clamp(y, 0, canvas), Math.Clamp(x + width, 0, canvas), Math.Clamp(y + height, 0, canvas));
}
