namespace YoloTune.DatasetTools.Conversion;

/// <summary>An image as its annotation names it; the file is looked for later.</summary>
internal sealed class AnnotatedImage
{
    /// <summary>The annotation file.</summary>
    public required string File { get; init; }

    /// <summary>The line in it, or null.</summary>
    public int? Line { get; init; }

    /// <summary>The names the image may have, the likeliest first; one without an extension takes any image of that stem.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Folders of this image to look in before all others.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The annotated width in pixels; null or 0 when it was not told.</summary>
    public double? Width { get; init; }

    /// <summary>The annotated height in pixels; null or 0 when it was not told.</summary>
    public double? Height { get; init; }

    /// <summary>Reads the image that lies in the annotation file itself; null when there is none.</summary>
    public Func<byte[]>? Embedded { get; init; }

    /// <summary>Whether the annotation file itself cannot be read, so that it is not known what is on the image.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Annotations of the image that the reader left out, with their classes where they have one.</summary>
    public List<(SkipReason Reason, string? Class)> Unusable { get; } = [];

    /// <summary>Its boxes.</summary>
    public List<AnnotatedBox> Boxes { get; } = [];
}
