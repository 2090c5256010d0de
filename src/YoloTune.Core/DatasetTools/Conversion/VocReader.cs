using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads Pascal VOC: one XML file an image. Corners are pixels that count from 1 and belong to the box, so that the box reaches from
/// xmin - 1 to xmax (VOC2012 development kit). A document type declaration is refused.
/// </summary>
internal static class VocReader
{
    private const long LargestDocument = 64L << 20;

    public static AnnotationSet Read(string path, ConversionOptions options, CancellationToken cancellation)
    {
        List<AnnotatedImage> images = [];
        List<SkippedItem> skipped = [];
        foreach (string file in AnnotationFiles.In(path, "*.xml"))
        {
            cancellation.ThrowIfCancellationRequested();
            XElement root = Load(file);
            if (root.Name.LocalName == "annotation") images.Add(ReadImage(root, file, options, skipped));
            else skipped.Add(new(
                SkipReason.NotAnAnnotation, file, Line(root), $"the document is a '{root.Name.LocalName}', not an 'annotation'."));
        }
        return AnnotationSet.Alphabetical(AnnotationFormat.Voc, images, skipped);
    }

    /// <summary>Whether the file's document element is that of VOC.</summary>
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    public static bool IsAnnotation(string file) => Load(file).Name.LocalName == "annotation";

    private static AnnotatedImage ReadImage(XElement root, string file, ConversionOptions options, List<SkippedItem> skipped)
    {
        string folder = Path.GetDirectoryName(file)!, parent = Path.GetDirectoryName(folder) ?? folder;
        string stem = Path.GetFileNameWithoutExtension(file);
        string? named = root.Element("filename")?.Value.Trim();
        AnnotatedImage image = new()
        {
            File = file,
            // The file's own name first: tools leave the name of an earlier image in the element.
            Names = named is { Length: > 0 } ? [stem, named] : [stem],
            Folders = [folder, Path.Combine(folder, "images"), Path.Combine(parent, "JPEGImages"), Path.Combine(parent, "images")],
            Width = Number(root.Element("size")?.Element("width")),
            Height = Number(root.Element("size")?.Element("height")),
        };
        double offset = options.ZeroBased ? 0 : 1;
        foreach (XElement item in root.Elements("object"))
        {
            string name = item.Element("name")?.Value.Trim() ?? "";
            if (name.Length == 0)
            {
                throw new DatasetException(
                    "the object has no name.", file, FormattableString.Invariant($"line {Line(item)}"),
                    "Add its class, or take the object out.");
            }
            XElement? corners = item.Element("bndbox");
            AnnotatedBox box = new(
                name, (Number(corners?.Element("xmin")) ?? double.NaN) - offset, (Number(corners?.Element("ymin")) ?? double.NaN) - offset,
                Number(corners?.Element("xmax")) ?? double.NaN, Number(corners?.Element("ymax")) ?? double.NaN, Line(item), name);
            if (!options.IncludeDifficult && Number(item.Element("difficult")) is not (null or 0))
                skipped.Add(new(SkipReason.Difficult, file, Line(item), box.ToString()));
            else image.Boxes.Add(box);
        }
        return image;
    }

    private static XElement Load(string file)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestDocument, CloseInput = true,
        };
        try
        {
            using XmlReader reader = XmlReader.Create(System.IO.File.OpenRead(file), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException error) when (error.LineNumber == 0 && DeclarationLine(file) is { } line)
        {
            throw new DatasetException(
                "the file has a document type declaration, which may name other files.", file,
                FormattableString.Invariant($"line {line}"), "Take the declaration out.", error);
        }
        catch (XmlException error)
        {
            throw new DatasetException(
                "the file is not an XML that can be read: " + error.Message, file,
                FormattableString.Invariant($"line {Math.Max(1, error.LineNumber)}"), "Mend that place.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the annotation cannot be read: " + error.Message, file, inner: error);
        }
    }

    // The reader tells no line for a document type declaration.
    private static int? DeclarationLine(string file)
    {
        int line = 1 + System.IO.File.ReadLines(file).ToList()
            .FindIndex(text => text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase));
        return line > 0 ? line : null;
    }

    private static double? Number(XElement? element) => element is not null
        && double.TryParse(element.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
