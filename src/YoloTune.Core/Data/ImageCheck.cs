using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Data;

/// <summary>Checks one image and its label file without decoding the image, unless its end looks wrong.</summary>
internal static class ImageCheck
{
    /// <summary>Checks an image and its label file.</summary>
    public static (DatasetImage? Image, IReadOnlyList<DatasetProblem> Problems) Check(
        ImageList.Entry entry, LabelRules rules, bool decode)
    {
        string path = entry.Path;
        if (Open(entry, decode, out DatasetProblem? dropped) is not { } info) return (null, [dropped!]);
        LabelFileContent content = LabelFile.Read(LabelFile.PathFor(path), rules, path);
        IReadOnlyList<DatasetProblem> problems = [.. content.Problems, .. Notes(path, info)];
        return content.Labels is { } labels
            ? (new DatasetImage(path, info.Height, info.Width, labels, content.Exists), problems)
            : (null, problems);
    }

    /// <summary>Checks an image whose class is known from its folder.</summary>
    public static (DatasetImage? Image, IReadOnlyList<DatasetProblem> Problems) Check(ImageList.Entry entry, int classId, bool decode)
    {
        if (Open(entry, decode, out DatasetProblem? dropped) is not { } info) return (null, [dropped!]);
        return (new(entry.Path, info.Height, info.Width, ClassFolders.LabelsOf(classId), HasLabelFile: true), [.. Notes(entry.Path, info)]);
    }

    private static ImageInfo? Open(ImageList.Entry entry, bool decode, out DatasetProblem? dropped)
    {
        string path = entry.Path;
        ImageInfo info;
        dropped = null;
        try
        {
            info = ImageDecoder.ReadInfo(path);
            if (decode || !EndsProperly(path, info.Format)) ImageDecoder.Decode(path, out info).Dispose();
        }
        catch (DatasetException error)
        {
            dropped = Dropped(entry, error.Reason);
            return null;
        }
        if (Math.Min(info.Height, info.Width) < DatasetOptions.SmallestSide)
        {
            dropped = Dropped(entry, FormattableString.Invariant(
                $"the image has {info.Width} x {info.Height} pixels; each side needs at least {DatasetOptions.SmallestSide}."));
        }
        else if ((long)info.Height * info.Width > ImageDecoder.MaxPixels && info.Format != "jpeg")
        {
            dropped = Dropped(entry, FormattableString.Invariant(
                $"{info.Width} x {info.Height} pixels are too many to decode; make the image smaller or cut it into tiles."));
        }
        return dropped is null ? info : null;
    }

    private static IEnumerable<DatasetProblem> Notes(string path, ImageInfo info)
    {
        if (info.LacksEnd)
            yield return new(path, null, "the file stops before the end mark of a JPEG; the picture is whole.", ProblemAction.Kept, path);
    }

    /// <summary>
    /// Whether the file ends as its format says. One that does not is decoded: bytes after the end do no harm, a missing end does.
    /// (The reference rewrites such JPEG files over the original; a dataset is never changed here.)
    /// </summary>
    internal static bool EndsProperly(string path, string format)
    {
        ReadOnlySpan<byte> end = format switch
        {
            "jpeg" => [0xFF, 0xD9],
            "png" => "IEND"u8,
            _ => [],
        };
        if (end.IsEmpty) return true;
        using FileStream file = SharedFile.Open(path, 1);
        int tail = format == "png" ? 8 : 2;
        if (file.Length < tail) return false;
        Span<byte> bytes = stackalloc byte[tail];
        file.Seek(-tail, SeekOrigin.End);
        file.ReadExactly(bytes);
        return bytes[..end.Length].SequenceEqual(end);
    }

    private static DatasetProblem Dropped(ImageList.Entry entry, string reason) => entry.List is null || File.Exists(entry.Path)
        ? new DatasetProblem(entry.Path, null, reason, ProblemAction.ImageDropped, entry.Path)
        : new DatasetProblem(entry.List, entry.Line, $"the image '{entry.Path}' does not exist.", ProblemAction.ImageDropped, entry.Path);
}
