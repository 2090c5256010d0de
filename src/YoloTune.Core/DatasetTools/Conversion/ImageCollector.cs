using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Writing;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Finds the images of annotations, reads their sizes and brings their boxes into the form of label files.</summary>
internal sealed class ImageCollector(
    ConversionOptions options, ImagePreparation preparation, DatasetStage stage, CancellationToken cancellation)
{
    private int annotated, extracted;
    private bool anyFound;

    /// <summary>The images of a split, sorted by path, each once.</summary>
    public PreparedImage[] Collect(IReadOnlyList<(ConversionSource Source, AnnotationSet Set)> sources)
    {
        ImageFinder finder = new(options.ImagePaths);
        Dictionary<string, List<AnnotatedImage>> byPath = new(StringComparer.Ordinal);
        HashSet<string> lost = new(StringComparer.OrdinalIgnoreCase);
        foreach (AnnotatedImage image in sources.SelectMany(source => source.Set.Images))
        {
            annotated++;
            cancellation.ThrowIfCancellationRequested();
            if (Locate(image, finder) is not { } path)
            {
                lost.UnionWith(image.Names.Select(name => Path.GetFileNameWithoutExtension(DatasetPaths.Native(name))));
                continue;
            }
            if (!byPath.TryGetValue(path, out List<AnnotatedImage>? list)) byPath[path] = list = [];
            list.Add(image);
        }
        if (options.IncludeBackground)
        {
            // An image that an annotation names but that was not told apart from others is no background.
            foreach (string path in Folders(sources).SelectMany(ImageFolder.Images))
            {
                if (!lost.Contains(Path.GetFileNameWithoutExtension(path))) byPath.TryAdd(path, []);
            }
        }
        string[] paths = [.. byPath.Keys.Order(PathOrder.Native)];
        var infos = new (ImageInfo? Info, string Reason)[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation }, i => infos[i] = ReadInfo(paths[i]));
        List<PreparedImage> prepared = [];
        for (int i = 0; i < paths.Length; i++)
        {
            List<AnnotatedImage> annotations = byPath[paths[i]];
            if (infos[i].Info is not { } info)
            {
                AnnotatedImage? first = annotations.FirstOrDefault();
                preparation.Skipped.Add(new(SkipReason.ImageUnreadable, first?.File ?? paths[i], first?.Line, infos[i].Reason));
            }
            else if (preparation.Prepare(paths[i], info, annotations) is { } image) prepared.Add(image);
        }
        anyFound |= prepared.Count > 0;
        return [.. prepared];
    }

    /// <summary>Asks for at least one image.</summary>
    /// <exception cref="DatasetException">No image can be used.</exception>
    public void RequireImages(IReadOnlyList<AnnotationSet> sets)
    {
        if (anyFound) return;
        SkippedItem? first = preparation.Skipped.FirstOrDefault(item => item.Reason
            is SkipReason.ImageMissing or SkipReason.ImageAmbiguous or SkipReason.ImageUnreadable or SkipReason.SizeMismatch);
        SkippedItem[] skipped = [.. sets.SelectMany(set => set.Skipped), .. preparation.Skipped];
        throw SkipSummary.Error(
            FormattableString.Invariant($"none of the {annotated} annotated images can be used"), options.Sources[0].Path, skipped,
            first?.Reason switch
            {
                null => "Correct the annotations.",
                SkipReason.ImageUnreadable or SkipReason.SizeMismatch => "Use the images that were annotated.",
                _ => "Say where the images are with -ImagePath.",
            });
    }

    private string? Locate(AnnotatedImage image, ImageFinder finder)
    {
        (string? path, SkipReason reason, string detail) = finder.Find(image);
        // Of a file that cannot be read the reader has reported more than that its image is not there.
        if (path is not null || image.IsUnreadable) return path;
        if (image.Embedded is { } read)
        {
            // Image files are told by their content; the extension is put right when the image gets its name.
            string stem = Path.GetFileNameWithoutExtension(image.File);
            string folder = Directory.CreateDirectory(
                Path.Combine(stage.Scratch, FormattableString.Invariant($"{extracted++:D8}"))).FullName;
            string target = Path.Combine(folder, stem + ".embedded");
            try
            {
                File.WriteAllBytes(target, read());
                return target;
            }
            catch (DatasetException error)
            {
                (reason, detail) = (SkipReason.ImageUnreadable, error.Reason);
            }
        }
        preparation.Skipped.Add(new(reason, image.File, image.Line, detail));
        return null;
    }

    private IEnumerable<string> Folders(IReadOnlyList<(ConversionSource Source, AnnotationSet Set)> sources)
    {
        if (options.ImagePaths.Count > 0) return options.ImagePaths;
        return sources.Select(source => source.Source.Path).Select(path => Directory.Exists(path) ? path : Path.GetDirectoryName(path)!);
    }

    private static (ImageInfo? Info, string Reason) ReadInfo(string path)
    {
        try
        {
            return (ImageDecoder.ReadInfo(path), "");
        }
        catch (DatasetException error)
        {
            return (null, error.Message);
        }
    }
}
