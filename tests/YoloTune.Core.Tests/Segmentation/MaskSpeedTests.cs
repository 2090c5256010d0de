using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Tasks.Segmentation;

namespace YoloTune.Tests.Segmentation;

public sealed class MaskSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Masks_of_a_hundred_predictions_take_few_milliseconds()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor prototypes = torch.randn([32, 160, 160]);
        Random random = new(0);
        float[] rows = [.. Enumerable.Range(0, 100).SelectMany(_ =>
        {
            // Boxes of 40 to 200 pixels a side.
            float width = 40 + random.NextSingle() * 160, height = 40 + random.NextSingle() * 160;
            float x = random.NextSingle() * (640 - width), y = random.NextSingle() * (640 - height);
            return (float[])[x, y, x + width, y + height, 0.9f, 0, .. Enumerable.Range(0, 32).Select(_ => random.NextSingle() - 0.5f)];
        })];
        Detections found = new(rows, new int[100], Detections.FixedColumns + 32);
        double best = double.PositiveInfinity;
        MaskPatch[] masks = new MaskPatch[found.Count];
        for (int round = 0; round < 30; round++)
        {
            long start = Stopwatch.GetTimestamp();
            MaskProjector projector = new(prototypes);
            for (int d = 0; d < masks.Length; d++) masks[d] = SegmentationPredictor.Mask(projector, found, d, 640, 640);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"100 masks at 640 pixels: {best:f1} ms on one thread"));
        Assert.All(masks, mask => Assert.True(mask.Area > 0));
        // 15 ms are promised; a busy machine gets some more.
        Assert.InRange(best, 0, 60);
    }
}
