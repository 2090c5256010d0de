using YoloTune.Basics;
using YoloTune.Data;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Finds out the format of annotations from their content.</summary>
internal static class FormatDetector
{
    private const int MostErrors = 4;
    private const string Remedy = "Give the file or folder of the annotations, or name the format with -Format.";

    /// <summary>The format of a file, or of the files in a folder and below.</summary>
    /// <exception cref="DatasetException">There are no annotations, those of two formats, or files that cannot be read.</exception>
    public static AnnotationFormat Detect(string path)
    {
        List<DatasetException> errors = [];
        (AnnotationFormat Format, string File)[] found =
            [.. new[] { FindXml(path, errors), FindJson(path, errors) }.OfType<(AnnotationFormat, string)>()];
        if (found.Length == 0 && FindText(path, errors) is { } text) found = [text];
        if (found.Length == 1) return found[0].Format;
        if (found.Length == 0)
            throw errors.Count > 0 ? All(errors)
                : new DatasetException("there are no annotations of COCO, VOC, LabelMe or DOTA here.", path, remedy: RemedyFor(path));
        throw new DatasetException(
            $"there are annotations of two formats: '{found[0].File}' is {found[0].Format}, '{found[1].File}' is {found[1].Format}.", path,
            remedy: Remedy);
    }

    // The first with its place, and the reasons of some more.
    private static DatasetException All(List<DatasetException> errors)
    {
        DatasetException first = errors[0];
        if (errors.Count == 1) return first;
        string more = string.Join(
            " ", errors.Skip(1).Take(MostErrors).Select(error => $"'{Path.GetFileName(error.File)}': {error.Reason}"));
        return new(
            FormattableString.Invariant($"{first.Reason} {errors.Count - 1} more files cannot be read either: {more}"), first.File,
            first.Position, first.Remedy, first);
    }

    private static string RemedyFor(string path) => Directory.Exists(path) && DatasetLocation.IsDataset(path)
        ? "The labels are in YOLO layout already: give the folder to Test-YoloDataset or Start-YoloTraining as it is." : Remedy;

    private static (AnnotationFormat Format, string File)? FindXml(string path, List<DatasetException> errors)
    {
        foreach (string file in Candidates(path, ".xml"))
        {
            if (Try(file, VocReader.IsAnnotation, errors)) return (AnnotationFormat.Voc, file);
        }
        return null;
    }

    private static (AnnotationFormat Format, string File)? FindText(string path, List<DatasetException> errors)
    {
        foreach (string file in Candidates(path, ".txt"))
        {
            if (Try(file, DotaReader.IsAnnotation, errors)) return (AnnotationFormat.Dota, file);
        }
        return null;
    }

    private static (AnnotationFormat Format, string File)? FindJson(string path, List<DatasetException> errors)
    {
        foreach (string file in Candidates(path, ".json"))
        {
            IReadOnlyList<string> names = Try(file, JsonFile.TopLevel, errors) ?? [];
            if (names.Contains("shapes")) return (AnnotationFormat.LabelMe, file);
            if (names.Contains("images") && (names.Contains("annotations") || names.Contains("categories")))
                return (AnnotationFormat.Coco, file);
        }
        return null;
    }

    private static IEnumerable<string> Candidates(string path, string extension) =>
        AnnotationFiles.In(path, extension).Where(file => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private static T? Try<T>(string file, Func<string, T> read, List<DatasetException> errors)
    {
        try
        {
            return read(file);
        }
        catch (DatasetException error)
        {
            errors.Add(error);
            return default;
        }
    }
}
