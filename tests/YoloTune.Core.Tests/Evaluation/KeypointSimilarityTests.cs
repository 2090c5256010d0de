using System.Text.Json;
using Xunit;
using YoloTune.Tasks.Pose;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.Evaluation;

public sealed class KeypointSimilarityTests
{
    [SkippableTheory]
    [InlineData(0, 17, 3)]
    [InlineData(1, 5, 3)]
    [InlineData(2, 4, 2)]
    public void Similarities_equal_the_golden(int index, int keypoints, int dimensions)
    {
        using JsonDocument document = Shared.Json("reference/tasks/pose/goldens/oks.json");
        JsonElement golden = document.RootElement.GetProperty("cases")[index];
        float[] sigmas = KeypointConstants.Sigmas(keypoints, dimensions);
        Assert.Equal(Golden.Floats(golden.GetProperty("sigma")), sigmas);
        float[][] labels = [.. golden.GetProperty("gt").EnumerateArray().Select(label => Golden.Floats(label))];
        float[][] predictions = [.. golden.GetProperty("pred").EnumerateArray().Select(prediction => Golden.Floats(prediction))];
        float[] areas = Golden.Floats(golden.GetProperty("area"));
        for (int l = 0; l < labels.Length; l++)
        {
            for (int p = 0; p < predictions.Length; p++)
            {
                Assert.Equal(
                    golden.GetProperty("oks")[l][p].GetSingle(),
                    KeypointSimilarity.Compute(labels[l], predictions[p], dimensions, areas[l], sigmas), 1e-6f);
            }
        }
    }
}
