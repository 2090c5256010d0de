using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>Images of a measurement, labels beside predictions, on sheets of a size that a screen shows.</summary>
internal static class ImageSheets
{
    /// <summary>Images of a sheet.</summary>
    public const int PerSheet = 8;

    private const int Columns = 2;

    /// <summary>The layout of such sheets.</summary>
    /// <param name="lines">The lines between the keypoints of an object, by their number.</param>
    public static SheetLayout Layout(Func<int, IReadOnlyList<DrawnLine>?> lines) => new()
    {
        Columns = Columns, PanelWidth = 400, PanelHeight = 330, Legend = VerdictColours.Legend, Lines = lines,
    };

    /// <summary>An image with its labels at the left and the predictions at the right.</summary>
    public static PictureTile Compared(ImageMeasure image)
    {
        string text = FormattableString.Invariant($"{image}, score {image.Score:0.00}");
        return new(image.Path, text,
        [
            new(image.Objects.Where(item => item.IsLabel).ToArray(), ByVerdict: true),
            new(image.Objects.Where(item => !item.IsLabel).ToArray(), ByVerdict: true),
        ]);
    }

    /// <summary>An image with what was predicted on it.</summary>
    public static PictureTile Predicted(string path, IReadOnlyList<ImageObject> objects) => new(
        path, FormattableString.Invariant($"{Path.GetFileName(path)}: {objects.Count} predicted"), [new(objects)]);

    /// <summary>Draws sheets into a folder: images.jpg, or images1.jpg and so on.</summary>
    public static void Save(IReadOnlyList<PictureTile> tiles, SheetLayout layout, int perSheet, PictureFolder folder, string name,
        CancellationToken cancellation)
    {
        PictureTile[][] sheets = [.. tiles.Chunk(perSheet)];
        for (int i = 0; i < sheets.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            string file = sheets.Length == 1 ? name + ".jpg" : FormattableString.Invariant($"{name}{i + 1}.jpg");
            PictureTile[] sheet = sheets[i];
            folder.Draw(file, path => ContactSheet.Save(sheet, layout, path));
        }
    }
}
