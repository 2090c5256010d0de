using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Prediction;
using YoloTune.Tasks.Obb;
using YoloTune.Tests.Data;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.TaskGoldens;

public sealed class DotaFilesTests
{
    [SkippableFact]
    public void Files_of_tiles_and_of_the_images_joined_again_equal_the_golden()
    {
        using JsonDocument document = Shared.Json("reference/tasks/obb/goldens/dota_output.json");
        JsonElement root = document.RootElement;
        List<DotaFiles.Found> found = [];
        foreach (JsonElement image in root.GetProperty("predictions").EnumerateArray())
        {
            int box = 0;
            foreach (JsonElement row in image.GetProperty("boxes_xywhr").EnumerateArray())
            {
                float[] b = Golden.Floats(row);
                int id = image.GetProperty("classes")[box].GetInt32();
                found.Add(new(
                    image.GetProperty("file_stem").GetString()!, root.GetProperty("names").GetProperty(id.ToString()).GetString()!, id,
                    image.GetProperty("scores")[box++].GetSingle(), new OrientedBox(b[0], b[1], b[2], b[3], b[4])));
            }
        }
        Compare("predictions_txt/", DotaFiles.Compose(found));
        Compare("predictions_merged_txt/", DotaFiles.Merge(found));

        void Compare(string folder, IReadOnlyDictionary<string, string> files)
        {
            JsonProperty[] golden =
                [.. root.GetProperty("files").EnumerateObject().Where(file => file.Name.StartsWith(folder, StringComparison.Ordinal))];
            Assert.Equal(golden.Select(file => file.Name[folder.Length..]).Order(StringComparer.Ordinal),
                files.Keys.Order(StringComparer.Ordinal));
            foreach (JsonProperty file in golden)
                Assert.Equal(string.Join('\n', file.Value.EnumerateArray().Select(line => line.GetString())),
                    files[file.Name[folder.Length..]]);
        }
    }

    [Fact]
    public void Boxes_found_on_tiles_are_written_by_class_and_joined()
    {
        using TestFiles files = new();
        string folder = files.PathOf("dota");
        float[] c = new OrientedBox(20, 10, 8, 4, 0).Corners();
        YoloDetection found = new("P1__1024__100___0.png", 0, "big ship", 0.5, 16, 8, 24, 12)
        {
            Corners = [new(c[0], c[1]), new(c[2], c[3]), new(c[4], c[5]), new(c[6], c[7])],
        };
        DotaOutput output = new(folder, ["big ship", "plane"], force: false);
        output.Add(new ImagePrediction(found.Path, 64, 64, [found, found with { Confidence = 0.25 }]));
        output.Save();
        const string Places = "24.0 12.0 24.0 8.0 16.0 8.0 16.0 12.0\n", Joined = "124.0 12.0 124.0 8.0 116.0 8.0 116.0 12.0\n";
        string name = Path.GetFileNameWithoutExtension(found.Path);
        Assert.Equal($"{name} 0.5 {Places}{name} 0.25 {Places}", File.ReadAllText(Path.Combine(folder, "Task1_big-ship.txt")));
        Assert.Equal("P1 0.5 " + Joined, File.ReadAllText(Path.Combine(folder, "merged", "Task1_big-ship.txt")));
        Assert.False(File.Exists(Path.Combine(folder, "Task1_plane.txt")));
        Assert.Throws<OutputException>(() => new DotaOutput(folder, ["big ship"], force: false));
        _ = new DotaOutput(folder, ["big ship"], force: true);
    }
}
