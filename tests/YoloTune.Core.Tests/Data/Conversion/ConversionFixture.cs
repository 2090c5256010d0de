using YoloTune.Data;
using YoloTune.DatasetTools.Conversion;


namespace YoloTune.Tests.Data.Conversion;

/// <summary>Small annotations of each format and a destination, in a folder that goes with the test.</summary>
internal sealed class ConversionFixture : IDisposable
{
    public TestFiles Files { get; } = new();

    public string Destination => Path.Combine(Files.Root, "out");

    public ConversionOptions Options(string source, string split = "train") =>
        new() { Sources = [new(Path.Combine(Files.Root, source), split)], Destination = Destination };

    public ConversionResult Convert(string source) => DatasetConverter.Convert(Options(source));

    public string[] Rows(string image, string split = "train") =>
        File.ReadAllLines(Path.Combine(Destination, "labels", split, image + ".txt"));

    public string[] Images(string split = "train") =>
        [.. Directory.GetFiles(Path.Combine(Destination, "images", split)).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>A COCO file beside images a.png of 80 x 60 and b.png of 40 x 40 pixels.</summary>
    public string Coco(string annotations, string categories = """{"id": 90, "name": "cat"}, {"id": 7, "name": "dog"}""",
        string name = "coco.json")
    {
        Files.Image("a.png");
        Files.Image("b.png", 40, 40, seed: 1);
        return Files.Text(name, $$"""
            {"info": {"x": [1, {"y": 2}]},
             "images": [{"id": 1000000000001, "file_name": "a.png", "width": 80, "height": 60},
                        {"id": 2, "file_name": "b.png", "width": 40, "height": 40}],
             "annotations": [{{annotations}}],
             "categories": [{{categories}}]}
            """);
    }

    public string Voc(string name, string objects, string filename = "a.png",
        string size = "<size><width>80</width><height>60</height></size>") =>
        Files.Text(name, $"<annotation>\n<filename>{filename}</filename>\n{size}\n{objects}</annotation>");

    public static string Object(string name, string box, string more = "")
    {
        string[] corners = box.Split(' ');
        string edges = $"<xmin>{corners[0]}</xmin><ymin>{corners[1]}</ymin><xmax>{corners[2]}</xmax><ymax>{corners[3]}</ymax>";
        return $"<object><name>{name}</name>{more}<bndbox>{edges}</bndbox></object>\n";
    }

    public DetectionDataset Load(string split = "train") => DetectionDataset.Load(DatasetDescription.Load(Destination), split);

    /// <summary>What a failed conversion must not change: every file of the destination.</summary>
    public string[] Snapshot() => !Directory.Exists(Destination) ? [] :
        [.. Directory.GetFileSystemEntries(Destination, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => File.Exists(path) ? path + " " + Convert64(path) : path)];

    public void Dispose() => Files.Dispose();

    private static string Convert64(string path) => System.Convert.ToBase64String(File.ReadAllBytes(path));
}
