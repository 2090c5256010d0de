using System.Text;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Files;
using YoloTune.Files.Inspection;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Networks.Architecture;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Fuzz;

/// <summary>The readers of files that come from elsewhere, and what each may cost.</summary>
internal static class FuzzTargets
{
    private const long MiB = 1 << 20;

    private static readonly byte[][] PickleTokens = Tokens(
        "cos\nsystem\n", "cbuiltins\neval\n", "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "c_codecs\nencode\n",
        "\u0080\u0002", "\u0085R", ")R", "}(", "](", "(t", "q\u0001h\u0001", "\u0094", "2a", "s.", "b", "\u0081", "\u0092", "\u0093", "o",
        "i", "\u0082\u0001",
        "X\u00ff\u00ff\u00ff\u00ff", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "\u008b\u00ff\u00ff\u00ff\u007f", "I1\n",
        "0", "1", "..", "_modules", "_parameters", "yaml", "names");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("pickle", ".pt", FuzzSeeds.Pickles, PickleTokens, ReadPickle, 64 * MiB),
        new("archive", ".pt", FuzzSeeds.Archives, [.. PickleTokens,
            .. Tokens("PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0006\u0007", "a/data/0", "a/data.pkl")],
            ReadCheckpoint, 64 * MiB),
        new("safetensors", ".safetensors", FuzzSeeds.SafeTensors,
            Tokens("\"F32\"", "\"BOOL\"", "[0]", "[]", "[9223372036854775807,2]", "[-1]", "1e400", "\"__metadata__\":{", "[[[[", "{\"\":",
                "\\u0000", "\\ud800", "}", "\"dtype\":", "\"data_offsets\":[0,24]"),
            ReadCheckpoint, 64 * MiB),
        new("model", ".pt", FuzzSeeds.Models, PickleTokens, path => ModelImporter.Import(path).Dispose(), 256 * MiB),
        new("model-yaml", ".yaml", () => Texts("model-yaml"), YamlTokens("backbone:", "head:", "nc: ", "scales:",
            "[-1, 1, Conv, [64, 3, 2]]", "2147483647", "-1", "Detect", "nn.Upsample", "[[[[[[[[", "None", "reg_max: 0", "1e308",
            "scale: n"),
            path => ModelPlan.Create(ModelDefinition.Parse(ReadText(path), "fuzz.yaml")), 64 * MiB),
        new("dataset-yaml", ".yaml", () => Texts("dataset-yaml"), YamlTokens("names:", "nc: 2147483647", "path: ", "train: .", "val: .",
            "[", "{", "\u0000", "../", "0: a", "999999999: b"),
            path => DatasetDescription.Load(path), 64 * MiB),
        new("label", ".txt", () => Texts("label"), Tokens("nan", "inf", "-1", "1e39", "1e-45", "0 0.5 0.5 0.1 0.1\n", "\n", "\r\n", "\t",
            " ", "\u00ef\u00bb\u00bf", "0x1", "99999999999", "0.5 ", "\u0000"),
            ReadLabels, 64 * MiB),
        // An image may have 134 million pixels of four bytes, and is held twice while it is turned upright.
        new("image", ".img", FuzzSeeds.Images, Tokens("\u00ff\u00d8", "\u00ff\u00c0", "\u00ff\u00da", "\u00ff\u00d9", "IHDR", "IDAT",
            "PLTE", "acTL", "RIFF", "VP8 ", "VP8X", "GIF89a", "BM", "Exif"), ReadImage, 1100 * MiB),
        new("onnx", ".onnx", FuzzSeeds.Onnx, Tokens("\u000a\u0000", "Conv", "Reshape", "weight", "\u003a", "\u0042", "\u0072", "names",
            "{0: 'a'}", "imgsz", "[[[[[[[[", "stride"), ReadOnnx, 64 * MiB),
    ];

    public static FuzzTarget Get(string name) => All.Single(target => target.Name == name);

    /// <summary>The files of a target's folder under Corpus: seeds that are text, and every file that once found a defect.</summary>
    public static IEnumerable<string> Corpus(string name)
    {
        string folder = Path.Combine(Shared.Repository, "tests", "YoloTune.Core.Tests", "Fuzz", "Corpus", name);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
    }

    /// <summary>Reading and inspecting agree: what is read as data has no finding, and what has one is not read.</summary>
    private static void ReadPickle(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, ArchiveBuilder.Torch(bytes, new byte[64]));
        CheckpointReport report = CheckpointInspector.Inspect(path);
        File.WriteAllBytes(path, bytes);
        try
        {
            PickleReader.Read(bytes);
        }
        catch (ModelFormatException)
        {
            Check(report.Verdict != CheckpointVerdict.Safe, "an inspection calls a pickle safe that is refused");
            throw;
        }
        Check(report.Verdict is CheckpointVerdict.Safe or CheckpointVerdict.Suspicious,
            $"an inspection finds fault with a pickle that is read: {report.Problem}");
    }

    private static void ReadCheckpoint(string path)
    {
        try
        {
            CheckpointInspector.Inspect(path);
        }
        catch (ModelFormatException)
        {
            // No model file at all; then it is not read either, which comes next.
        }
        CheckpointReader.Read(path).Dispose();
    }

    private static void ReadLabels(string path)
    {
        foreach (LabelStrictness strictness in Enum.GetValues<LabelStrictness>())
        {
            LabelFileContent content = LabelFile.Read(path, new() { ClassCount = 3, Strictness = strictness });
            if (content.Labels is not { } labels) continue;
            // The strict reading is the reference's, which takes 0.5 for a class and -0.01 for a rounded 0.
            Check(labels.Classes.All(id => strictness == LabelStrictness.DropRow
                ? id is 0 or 1 or 2
                : id >= -LabelRules.Tolerance && id < 3),
                "a class id is out of range");
            Check(labels.Boxes.All(box => IsInside(box.X) && IsInside(box.Y) && IsInside(box.Width) && IsInside(box.Height)),
                "a box lies outside the image");
            Check(labels.Polygons?.All(points => points.All(float.IsFinite)) ?? true, "a polygon has a point that is no number");
        }
    }

    private static bool IsInside(float value) => value >= -LabelRules.Tolerance && value <= 1 + LabelRules.Tolerance;

    private static void ReadImage(string path)
    {
        ImageInfo info = ImageDecoder.ReadInfo(path);
        using ImageBuffer image = ImageDecoder.DecodeReduced(path, 64, out ImageInfo decoded);
        Check(info == decoded with { LacksEnd = false } && image.Height > 0 && image.Width > 0, "an image has two sizes");
    }

    private static void ReadOnnx(string path)
    {
        CheckpointInspector.Inspect(path);
        using OnnxModel model = new(path);
        Check(model.ClassNames.Count == model.ClassCount && model.Stride > 0 && model.ImageSize > 0,
            "an .onnx file has an impossible size");
        _ = model.Task;
    }

    private static void Check(bool holds, string message)
    {
        if (!holds) throw new InvalidOperationException(message);
    }

    private static string ReadText(string path) => File.ReadAllText(path);

    private static IEnumerable<byte[]> Texts(string name) =>
        Corpus(name).Where(path => Path.GetFileName(path).StartsWith("seed", StringComparison.Ordinal)).Select(File.ReadAllBytes);

    private static byte[][] YamlTokens(params string[] tokens) =>
        Tokens([.. tokens, "- ", "  ", "\n", ": ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "---\n", "|\n", "'", "\"", "#", "<<: *a\n",
            "? ", "\t"]);

    private static byte[][] Tokens(params string[] tokens) => [.. tokens.Select(Encoding.Latin1.GetBytes)];
}
