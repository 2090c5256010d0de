using YoloTune.Basics;
using YoloTune.Networks.Architecture;


namespace YoloTune.Downloads;

/// <summary>
/// The pretrained weights that Ultralytics publishes for the architectures of <see cref="ModelCatalog"/>. Names and releases are facts of
/// the public pages of the releases; architectures without published weights (yolov6, -p2, yolo12-seg and similar) are not listed.
/// </summary>
public static class PretrainedCatalog
{
    private const string Scales = "nsmlx";
    private static readonly string[] Tasks = ["", "-seg", "-pose", "-obb", "-cls"];

    // Each digest is stated alike by several independent publications of the file.
    private static readonly Dictionary<string, string> Digests = new(StringComparer.Ordinal)
    {
        ["yolov8n"] = "f59b3d833e2ff32e194b5bb8e08d211dc7c5bdf144b90d2c8412c47ccfc83b36",
        ["yolov8s"] = "1f47a78bf100391c2a140b7ac73a1caae18c32779be7d310658112f7ac9aa78a",
        ["yolo11n"] = "0ebbc80d4a7680d14987a577cd21342b65ecfd94632bd9a8da63ae6417644ee1",
        ["yolo11s"] = "85a76fe86dd8afe384648546b56a7a78580c7cb7b404fc595f97969322d502d5",
        ["yolo11m"] = "d5ffc1a674953a08e11a8d21e022781b1b23a19b730afc309290bd9fb5305b95",
        ["yolo26n"] = "9b09cc8bf347f0fc8a5f7657480587f25db09b34bf33b0652110fb03a8ad4fef",
        ["yolo26s"] = "646f8bc3fe0a656803d95c294f7852321748cb29d13466a1af8862e2db384a1b",
        ["yolo26m"] = "401cea9ab23ad19246ff7744859816bc599f350e93c9dd30367b6f0a0745d0b7",
    };

    private static readonly Lazy<IReadOnlyList<PretrainedWeights>> All = new(() => List().ToArray());

    /// <summary>Every known file, by release of the family, task and size.</summary>
    public static IReadOnlyList<PretrainedWeights> Entries => All.Value;

    /// <summary>The known name closest to a mistyped one, or null when none is close.</summary>
    public static string? Nearest(string name) => NearestName.Of(name, Entries.Select(entry => entry.Name));

    private static IEnumerable<PretrainedWeights> List()
    {
        IEnumerable<string> september2024 =
        [
            .. Sizes(Scales, "yolov5{0}u"), .. Sizes(Scales, "yolov5{0}6u"),
            .. Tasks.SelectMany(task => Sizes(Scales, "yolov8{0}" + task)), "yolov8x-pose-p6",
            .. Sizes("tsmce", "yolov9{0}"), .. Sizes("ce", "yolov9{0}-seg"),
            .. Sizes("nsmblx", "yolov10{0}"),
            .. Tasks.SelectMany(task => Sizes(Scales, "yolo11{0}" + task)),
            .. Sizes(Scales, "yolo12{0}"),
        ];
        IEnumerable<string> january2026 = Tasks.SelectMany(task => Sizes(Scales, "yolo26{0}" + task));
        return
        [
            Entry("yolov3u", "v8.4.0"),
            .. september2024.Select(name => Entry(name, "v8.3.0")),
            .. january2026.Select(name => Entry(name, "v8.4.0")),
        ];
    }

    private static IEnumerable<string> Sizes(string letters, string format) =>
        letters.Select(letter => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, letter));

    private static PretrainedWeights Entry(string name, string tag) => new(name, tag, Digests.GetValueOrDefault(name));
}
