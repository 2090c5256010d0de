using System.Text.Json;
using Xunit;
using YoloTune.Data;
using YoloTune.Data.Batches;

namespace YoloTune.Tests.Data;

public sealed class AspectOrderTests
{
    [SkippableFact]
    public void Images_of_one_aspect_stand_as_in_the_golden()
    {
        using JsonDocument golden = Shared.Json("reference/training/goldens/val_coco128.json");
        JsonElement run = golden.RootElement.GetProperty("runs")[0];
        ImageDataset dataset = ImageDataset.Load(DatasetDescription.Load(Shared.Path("data/coco128/data.yaml")), "val");
        Assert.Equal(
            run.GetProperty("detections_per_image").EnumerateObject().Select(image => image.Name),
            AspectOrder.Of([.. dataset.Images.Select(image => image.Aspect)]).Select(i => Path.GetFileName(dataset.Images[i].Path)));
    }

    [Fact]
    public void Aspects_come_out_ascending_and_every_image_once()
    {
        Random random = new(4);
        foreach (int count in new[] { 0, 1, 2, 16, 17, 18, 100, 1000 })
        {
            double[] aspects = [.. Enumerable.Range(0, count).Select(_ => random.Next(7) / 7.0)];
            int[] order = AspectOrder.Of(aspects);
            Assert.Equal(Enumerable.Range(0, count), order.Order());
            Assert.Equal(aspects.Order(), order.Select(i => aspects[i]));
        }
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1000, 1000)]
    public void Equal_and_already_sorted_aspects_are_no_trouble(int count, int distinct)
    {
        double[] aspects = [.. Enumerable.Range(0, count).Select(i => (double)(i * distinct / count))];
        Assert.Equal(aspects, AspectOrder.Of(aspects).Select(i => aspects[i]));
    }
}
