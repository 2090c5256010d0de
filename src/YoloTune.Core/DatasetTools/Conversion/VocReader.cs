using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads Pascal VOC: one XML file an image. Corners are pixels that count from 1 and belong to the box, so that the box reaches from
/// xmin - 1 to xmax (VOC2012 development kit). Corners in the wrong order are put right, and an object without a box but with a polygon has
/// the box around that. A document type declaration is refused. A file that cannot be read is left out with its image.
/// </summary>
internal static partial class VocReader
{
    private const long LargestDocument = 64L << 20;

    public static AnnotationSet Read(string path, ConversionOptions options, CancellationToken cancellation)
    {
        List<AnnotatedImage> images = [];
        List<SkippedItem> skipped = [];
        foreach (string file in AnnotationFiles.In(path, ".xml"))
        {
            cancellation.ThrowIfCancellationRequested();
            XElement root;
            try
            {
                root = Load(file);
            }
            catch (DatasetException error)
            {
                skipped.Add(SkippedItem.Of(error, file));
                images.Add(new()
                {
                    File = file, Names = [Path.GetFileNameWithoutExtension(file)], Folders = Folders(file), IsUnreadable = true,
                });
                continue;
            }
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
        string stem = Path.GetFileNameWithoutExtension(file);
        string? named = root.Element("filename")?.Value.Trim();
        AnnotatedImage image = new()
        {
            File = file,
            // The file's own name first: tools leave the name of an earlier image in the element.
            Names = named is { Length: > 0 } ? [stem, named] : [stem],
            Folders = Folders(file),
            Width = VocBox.Number(root.Element("size")?.Element("width")),
            Height = VocBox.Number(root.Element("size")?.Element("height")),
        };
        double offset = options.ZeroBased ? 0 : 1;
        foreach (XElement item in root.Elements("object"))
        {
            string name = item.Element("name")?.Value.Trim() ?? "";
            if (name.Length == 0)
            {
                Skip(SkipReason.NoClassName, item, null, "the object has no name.");
                continue;
            }
            VocBox corners = VocBox.Of(item);
            AnnotatedBox box = new(name, corners.Left - offset, corners.Top - offset, corners.Right, corners.Bottom, Line(item), name);
            if (!options.IncludeDifficult && VocBox.Number(item.Element("difficult")) is not (null or 0))
                Skip(SkipReason.Difficult, item, name, box.ToString());
            else image.Boxes.Add(box);
        }
        return image;

        void Skip(SkipReason reason, XElement item, string? name, string detail)
        {
            skipped.Add(new(reason, file, Line(item), detail));
            image.Unusable.Add((reason, name));
        }
    }

    private static string[] Folders(string file)
    {
        string folder = Path.GetDirectoryName(file)!, parent = Path.GetDirectoryName(folder) ?? folder;
        return [folder, Path.Combine(folder, "images"), Path.Combine(parent, "JPEGImages"), Path.Combine(parent, "images")];
    }

    private static XElement Load(string file)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestDocument, CloseInput = true,
        };
        try
        {
            using XmlReader reader = XmlReader.Create(SharedFile.Open(file), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException) when (InOtherEncoding(file, settings) is { } root)
        {
            return root;
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
                FormattableString.Invariant($"line {Math.Max(1, error.LineNumber)}"), "Fix that line.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the annotation cannot be read: " + error.Message, file, inner: error);
        }
    }

    // A name in Latin-1 without a declaration that says so, a declaration of UTF-16 in a file that is UTF-8, or a code page of Windows.
    private static XElement? InOtherEncoding(string file, XmlReaderSettings settings)
    {
        byte[] bytes = SharedFile.ReadAllBytes(file);
        string text = TextFile.Decode(bytes, out bool isGuess);
        string declared = DeclaredEncoding().Match(text).Groups[1].Value;
        if (!isGuess && declared.Length == 0) return null;
        if (isGuess && declared.Length > 0 && CodePagesEncodingProvider.Instance.GetEncoding(declared) is { } encoding)
            text = encoding.GetString(bytes);
        return TryParse(text, settings);
    }

    [GeneratedRegex(@"^\s*<\?xml[^>]*?\bencoding\s*=\s*[""']([^""'>]+)[""']")]
    private static partial Regex DeclaredEncoding();

    private static XElement? TryParse(string text, XmlReaderSettings settings)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(text), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // The reader tells no line for a document type declaration.
    private static int? DeclarationLine(string file)
    {
        int line = 1 + SharedFile.ReadLines(file).ToList()
            .FindIndex(text => text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase));
        return line > 0 ? line : null;
    }

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
