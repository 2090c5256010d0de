using System.Text.Json;
using Xunit;
using YoloTune.Data;
using YoloTune.Tasks.Obb;
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
}
