using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Obb;
using YoloTune.Tests.Training;

namespace YoloTune.Tests.Evaluation;

public sealed class ProbabilisticIoUTests
{
    private const string Folder = "reference/tasks/obb/goldens/";

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Overlaps_equal_the_golden(bool random)
    {
        using JsonDocument document = Shared.Json(Folder + "probiou.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = random ? document.RootElement.GetProperty("random") : document.RootElement;
        float[][] boxes = [.. golden.GetProperty("boxes").EnumerateArray().Select(box => Golden.Floats(box))];
        torch.Tensor planes = torch.tensor([.. boxes.SelectMany(box => box)]).view(-1, 5).t();
        torch.Tensor table = ProbabilisticIoU.Compute(
            RotatedPlanes.FromPlanes(planes.unsqueeze(2)), RotatedPlanes.FromPlanes(planes.unsqueeze(1)));
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = 0; j < boxes.Length; j++)
            {
                // README: 1e-6, above 0.99 the root amplifies rounding and it is 2e-4; boxes 16 to 19 have no area.
                if (!random && (i is >= 16 and <= 19 || j is >= 16 and <= 19)) continue;
                float expected = golden.GetProperty("matrix")[i][j].GetSingle();
                // Where the reference's float32 is off its own float64, the last bit of an exponential decides; any value as near is right.
                float noise = 2 * Math.Abs(expected - golden.GetProperty("matrix_float64")[i][j].GetSingle());
                float tolerance = (expected > 0.99f ? 2e-4f : 1e-6f) + noise;
                Assert.Equal(expected, table[i, j].ToSingle(), tolerance);
                Assert.Equal(expected, ProbabilisticIoU.Compute(Box(boxes[i]), Box(boxes[j])), tolerance);
            }
        }
    }

    [SkippableFact]
    public void Gradients_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(Folder + "probiou.json");
        using DisposeScope scope = torch.NewDisposeScope();
        float[][] boxes = [.. document.RootElement.GetProperty("boxes").EnumerateArray().Select(box => Golden.Floats(box))];
        JsonElement[] pairs = [.. document.RootElement.GetProperty("pairs").EnumerateArray()];
        for (int p = 0; p < pairs.Length; p++)
        {
            (int first, int second) = (pairs[p][0].GetInt32(), pairs[p][1].GetInt32());
            if (first is >= 16 and <= 19 || second is >= 16 and <= 19) continue;
            torch.Tensor one = torch.tensor(boxes[first]).requires_grad_(), two = torch.tensor(boxes[second]);
            (1 - ProbabilisticIoU.Compute(RotatedPlanes.FromPlanes(one), RotatedPlanes.FromPlanes(two))).backward();
            float[] expected = Golden.Floats(document.RootElement.GetProperty("pair_gradients")[p]);
            float largest = expected.Max(MathF.Abs);
            for (int i = 0; i < 5; i++) Assert.Equal(expected[i], one.grad![i].ToSingle(), Math.Max(1e-5f, largest * 1e-3f));
        }
    }

    [Fact]
    public void A_box_without_area_overlaps_nothing()
    {
        GaussianBox line = new(10, 10, 20, 0, 0), box = new(10, 10, 20, 20, 0);
        Assert.Equal(0, ProbabilisticIoU.Compute(line, box));
        Assert.Equal(0, ProbabilisticIoU.Compute(line, line));
    }

    [Fact]
    public void Boxes_that_are_told_apart_never_reach_the_limit()
    {
        Random random = new(5);
        GaussianBox[] boxes = [.. Enumerable.Range(0, 120).Select(_ => new GaussianBox(
            random.NextSingle() * 100, random.NextSingle() * 100, 1 + random.NextSingle() * 60, 1 + random.NextSingle() * 60,
            random.NextSingle() * 3))];
        foreach (double limit in (double[])[0.05, 0.3, 0.7, 0.95])
        {
            float apart = ProbabilisticIoU.DistanceFor(limit);
            int far = 0;
            foreach (GaussianBox first in boxes)
            {
                foreach (GaussianBox second in boxes)
                {
                    if (!ProbabilisticIoU.AreApart(first, second, apart)) continue;
                    far++;
                    Assert.True(ProbabilisticIoU.Compute(first, second) < limit);
                }
            }
            Assert.True(far > 0);
        }
    }

    [SkippableFact]
    public void Distances_and_angles_decode_to_the_boxes_of_the_golden_and_back()
    {
        using JsonDocument document = Shared.Json(Folder + "decode.json");
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor distances = Rows("distances").t(), angle = Rows("angle").t()[0], anchors = Rows("anchors").t();
        RotatedPlanes boxes = RotatedPlanes.FromDistances(anchors[0], anchors[1], distances, angle);
        Golden.Close(Rows("boxes_xywh"), torch.stack([boxes.X, boxes.Y, boxes.Width, boxes.Height], 1), 1e-5, "boxes");
        Golden.Close(
            Rows("boxes_xywh").t().unsqueeze(0), BoxDecoder.ToRotated(distances.unsqueeze(0), angle.view(1, 1, -1), anchors), 1e-5, "head");
        Golden.Close(Rows("distances_back").t(), boxes.ToDistances(anchors[0], anchors[1]), 1e-5, "distances");

        torch.Tensor Rows(string name)
        {
            JsonElement rows = document.RootElement.GetProperty(name);
            return rows.Tensor(rows.GetArrayLength(), rows[0].GetArrayLength());
        }
    }

    private static GaussianBox Box(float[] box) => new(box[0], box[1], box[2], box[3], box[4]);
}
