using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads DOTA: one text file an image with a row <c>x1 y1 x2 y2 x3 y3 x4 y4 class difficulty</c> for each object, in pixels; lines such as
/// <c>imagesource:GoogleEarth</c> and <c>gsd:0.14</c> come before. The images lie beside the files or in the folder images beside theirs.
/// </summary>
internal static class DotaReader
{
    private const int Coordinates = 8, Extension = 2;

    /// <summary>Reads a file, or all files of a folder.</summary>
    public static AnnotationSet Read(string path, ConversionOptions options, CancellationToken cancellation)
    {
        List<AnnotatedImage> images = [];
        List<SkippedItem> skipped = [];
        foreach (string file in AnnotationFiles.In(path, ".txt"))
        {
            cancellation.ThrowIfCancellationRequested();
            string stem = Path.GetFileNameWithoutExtension(file), folder = Path.GetDirectoryName(file)!;
            AnnotatedImage image = new()
            {
                File = file, Names = [stem], Folders = [folder, Path.Combine(Path.GetDirectoryName(folder) ?? folder, "images")],
            };
            int number = 0;
            foreach (string line in TextFile.ReadLines(file))
            {
                number++;
                string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length == 0 || IsHeader(fields)) continue;
                Add(image, fields, number, options, skipped);
            }
            images.Add(image);
        }
        return AnnotationSet.Alphabetical(AnnotationFormat.Dota, images, skipped);
    }

    /// <summary>Whether the first row of a file that holds an object is one of DOTA.</summary>
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    public static bool IsAnnotation(string file)
    {
        try
        {
            foreach (string line in TextFile.ReadLines(file))
            {
                string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length == 0 || IsHeader(fields)) continue;
                return fields.Length is Coordinates + 1 or Coordinates + Extension
                    && fields[..Coordinates].All(field => Number(field) is not null) && Number(fields[Coordinates]) is null;
            }
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the file cannot be read: " + error.Message, file, inner: error);
        }
    }

    private static bool IsHeader(string[] fields) => fields[0].Contains(':', StringComparison.Ordinal) && fields.Length < Coordinates;

    private static void Add(AnnotatedImage image, string[] fields, int line, ConversionOptions options, List<SkippedItem> skipped)
    {
        if (fields.Length is not (Coordinates + 1 or Coordinates + Extension))
        {
            Skip(SkipReason.BadBox, null, FormattableString.Invariant(
                $"the row has {fields.Length} fields; a row of DOTA has 8 coordinates, the class and the difficulty."));
            return;
        }
        string name = fields[Coordinates];
        double?[] numbers = [.. fields[..Coordinates].Select(Number)];
        if (numbers.Any(number => number is null))
        {
            Skip(SkipReason.BadBox, name, $"'{fields[Array.IndexOf(numbers, null)]}' is not a number.");
            return;
        }
        if (!options.IncludeDifficult && fields.Length == Coordinates + Extension && fields[^1] != "0")
        {
            Skip(SkipReason.Difficult, name, $"{name} is marked difficult ({fields[^1]}).");
            return;
        }
        double[] corners = [.. numbers.Select(number => number!.Value)];
        double[] x = [.. corners.Where((_, i) => i % 2 == 0)], y = [.. corners.Where((_, i) => i % 2 == 1)];
        image.Boxes.Add(new(name, x.Min(), y.Min(), x.Max(), y.Max(), line, name) { Polygon = corners });

        void Skip(SkipReason reason, string? label, string detail)
        {
            skipped.Add(new(reason, image.File, line, detail));
            image.Unusable.Add((reason, label));
        }
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}
