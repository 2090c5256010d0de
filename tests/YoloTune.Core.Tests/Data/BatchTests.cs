using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class BatchTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [SkippableFact]
    public void Validation_items_equal_the_golden()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "labels_coco128.json");
        ValidationBatches batches = new(DetectionDatasetTests.Coco128(), new ValidationBatchOptions { ImageSize = 640 });
        Dictionary<string, JsonElement> expected = golden.RootElement.GetProperty("val_items_imgsz640_batch16").EnumerateArray()
            .ToDictionary(item => item.GetProperty("im_file").GetString()!);
        int found = 0;
        foreach (ImageBatch batch in batches.Read())
        {
            using (batch)
            {
                for (int i = 0; i < batch.Sources.Count; i++)
                {
                    BatchImage source = batch.Sources[i];
                    if (!expected.TryGetValue(Path.GetFileName(source.Path), out JsonElement item)) continue;
                    found++;
                    Assert.Equal(item.GetProperty("ori_shape").Ints(), new[] { source.OriginalHeight, source.OriginalWidth });
                    Assert.Equal(item.GetProperty("img_shape").Ints(), batch.Images.shape.Skip(1).Select(side => (int)side));
                    JsonElement fit = item.GetProperty("ratio_pad");
                    Assert.Equal(fit[0][0].GetDouble(), source.Gain, 1e-12);
                    Assert.Equal((fit[1][0].GetDouble(), fit[1][1].GetDouble()), (source.PadX, source.PadY));
                    using torch.Tensor mine = batch.Targets.ImageIndex == i;
                    using torch.Tensor boxes = batch.Targets.Boxes[mine], classes = batch.Targets.Classes[mine];
                    Assert.Equal(item.GetProperty("cls").Floats(), classes.data<float>().ToArray());
                    Pixels.Near(
                        [.. item.GetProperty("bboxes_xywhn").EnumerateArray().SelectMany(row => row.Floats())],
                        boxes.data<float>().ToArray(), 1e-6);
                }
            }
        }
        Assert.Equal(expected.Count, found);
    }

    [Fact]
    public void Training_batches_do_not_depend_on_threads_caches_or_what_was_made_before()
    {
        ImageDataset dataset = Drawn(11);
        PipelineOptions options = new()
        {
            ImageSize = 64, BatchSize = 4, Seed = 7,
            Augmentation = new AugmentationOptions { Degrees = 10, MixUp = 0.3, CutMix = 0.3, Mosaic = 0.7, FlipUd = 0.5, Bgr = 0.3 },
        };
        List<byte[]> expected = Run(options, workers: 1, epochs: [0, 1, 2]);
        Assert.Equal(9, expected.Count);
        Assert.Equal(expected, Run(options, workers: 5, epochs: [0, 1, 2]));
        Assert.Equal(expected[6..], Run(options with { Cache = ImageCacheMode.Memory }, workers: 2, epochs: [2]));
        Assert.Equal(expected[3..6], Run(options with { Cache = ImageCacheMode.Disk }, workers: 3, epochs: [1]));
        Assert.NotEqual(expected[0], expected[3]);
        Assert.NotEqual(expected[..3], Run(options with { Seed = 8 }, workers: 2, epochs: [0]));

        List<byte[]> Run(PipelineOptions with, int workers, int[] epochs)
        {
            using TrainingPipeline pipeline = TrainingPipeline.Create(dataset, with);
            TrainingBatches batches = new(pipeline, workers);
            List<byte[]> found = [];
            foreach (ImageBatch batch in epochs.SelectMany(epoch => batches.Epoch(epoch)))
            {
                using (batch)
                    found.Add([.. batch.Images.bytes, .. batch.Targets.Boxes.bytes, .. batch.Targets.Classes.bytes,
                        .. batch.Targets.ImageIndex.bytes]);
            }
            return found;
        }
    }

    [Fact]
    public void An_epoch_has_every_image_once_and_a_smaller_last_batch()
    {
        using TrainingPipeline pipeline = TrainingPipeline.Create(Drawn(10), new PipelineOptions { ImageSize = 64, BatchSize = 4 });
        TrainingBatches batches = new(pipeline);
        List<ImageBatch> epoch = [.. batches.Epoch(0)];
        Assert.Equal([4, 4, 2], epoch.Select(batch => (int)batch.Images.shape[0]));
        Assert.Equal(10, epoch.SelectMany(batch => batch.Sources).Select(source => source.Path).Distinct().Count());
        epoch.ForEach(batch => batch.Dispose());
        Assert.Equal(3, batches.Count);
    }

    [Fact]
    public void One_image_is_enough_for_a_mosaic()
    {
        using TrainingPipeline pipeline = TrainingPipeline.Create(Drawn(1), new PipelineOptions { ImageSize = 64, BatchSize = 16 });
        foreach (ImageBatch batch in new TrainingBatches(pipeline).Epoch(0))
            using (batch) Assert.Equal([1L, 3, 64, 64], batch.Images.shape);
    }

    [Fact]
    public void Boxes_stay_on_their_objects_through_flips_and_affine_changes()
    {
        // A bright square on black: where the box says it is, there it must be.
        using ImageBuffer image = ImageBuffer.Rent(100, 100);
        image.Pixels.Fill(0xFF000000u);
        for (int y = 20; y < 50; y++) image.Row(y)[60..90].Fill(0xFFFFFFFFu);
        ImageEncoder.Save(image, files.PathOf("images/a.png"));
        files.Text("labels/a.txt", "0 0.75 0.35 0.3 0.3");
        ImageDataset dataset = ImageDataset.Load(DatasetDescription.Load(files.Text("d.yaml", "val: images\nnc: 1\n")), "val");
        AugmentationOptions options = new() { Mosaic = 0, HsvH = 0, HsvS = 0, HsvV = 0, FlipUd = 0.5, Scale = 0.2 };
        using TrainingPipeline pipeline = TrainingPipeline.Create(
            dataset, new PipelineOptions { ImageSize = 96, BatchSize = 1, Augmentation = options });
        for (int epoch = 0; epoch < 20; epoch++)
        {
            TrainingItem item = pipeline.CreateItem(epoch, 0);
            (int x, int y) = ((int)(item.Objects.Boxes[0] * 96), (int)(item.Objects.Boxes[1] * 96));
            Assert.Equal(255, item.Planes[y * 96 + x]);
            float[] white = [.. Enumerable.Range(0, 96 * 96).Where(i => item.Planes[i] > 200).Select(i => i % 96 + 0.5f)];
            Assert.Equal(white.Average() / 96, item.Objects.Boxes[0], 0.012); // a pixel of 96
            Assert.Equal((white.Max() - white.Min() + 1) / 96, item.Objects.Boxes[2], 0.022);
        }
    }

    [Fact]
    public void A_broken_image_meets_the_consumer_with_its_name()
    {
        ImageDataset dataset = Drawn(6);
        File.WriteAllBytes(dataset.Images[3].Path, [1, 2, 3]);
        using TrainingPipeline pipeline = TrainingPipeline.Create(dataset, new PipelineOptions { ImageSize = 64, BatchSize = 2 });
        DatasetException error = Assert.Throws<DatasetException>(() =>
        {
            foreach (ImageBatch batch in new TrainingBatches(pipeline, workers: 3).Epoch(0)) batch.Dispose();
        });
        Assert.Equal(dataset.Images[3].Path, error.File);
    }

    [Fact]
    public void Cancelling_ends_the_enumeration()
    {
        using TrainingPipeline pipeline = TrainingPipeline.Create(Drawn(8), new PipelineOptions { ImageSize = 64, BatchSize = 2 });
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (ImageBatch batch in new TrainingBatches(pipeline).Epoch(0, cancellation: source.Token))
            {
                batch.Dispose();
                source.Cancel();
            }
        });
    }

    [Fact]
    public void Rect_training_keeps_the_order_of_aspects_and_uses_no_mosaic()
    {
        ImageDataset dataset = Drawn(6, i => (40 + 10 * i, 80));
        using TrainingPipeline pipeline = TrainingPipeline.Create(
            dataset, new PipelineOptions { ImageSize = 64, BatchSize = 2, Rect = true });
        Assert.Equal(0, pipeline.Augmentation.Mosaic);
        List<ImageBatch> epoch = [.. new TrainingBatches(pipeline).Epoch(0)];
        Assert.Equal(["64x64", "64x64", "64x64"], epoch.Select(batch => $"{batch.Images.shape[2]}x{batch.Images.shape[3]}"));
        epoch.ForEach(batch => batch.Dispose());
    }

    [Fact]
    public void A_memory_cache_stays_within_its_bound()
    {
        ImageDataset dataset = Drawn(12);
        using ImageStore store = new(new ImageStoreOptions { ImageSize = 64, Cache = ImageCacheMode.Memory, CacheBytes = 50_000 });
        foreach (DatasetImage image in dataset.Images) store.Load(image.Path).Dispose();
        Assert.InRange(store.BytesKept, 1, 50_000);
        output.WriteLine($"{store.BytesKept} bytes kept");
    }

    [Fact]
    public void Copy_paste_adds_objects_with_outlines()
    {
        files.Image("images/a.png", 80, 80);
        files.Text("labels/a.txt", "0 0.05 0.1 0.3 0.1 0.3 0.4 0.05 0.4");
        ImageDataset dataset = ImageDataset.Load(DatasetDescription.Load(files.Text("d.yaml", "val: images\nnc: 1\n")), "val");
        Assert.True(dataset.HasPolygons);
        AugmentationOptions options = AugmentationOptions.None with { CopyPaste = 1 };
        using TrainingPipeline pipeline = TrainingPipeline.Create(
            dataset, new PipelineOptions { ImageSize = 96, BatchSize = 1, Augmentation = options });
        TrainingItem item = pipeline.CreateItem(0, 0);
        Assert.Equal(2, item.Objects.Classes.Length);
        Assert.Equal(1, item.Objects.Boxes[0] + item.Objects.Boxes[4], 0.02); // mirrored about the middle
        Assert.Single(pipeline.CreateItem(0, 0, closeMosaic: true).Objects.Classes);
    }

    private ImageDataset Drawn(int count, Func<int, (int Height, int Width)>? size = null)
    {
        for (int i = 0; i < count; i++)
        {
            (int height, int width) = size?.Invoke(i) ?? (60 + i, 90 - i);
            files.Image($"images/{i:D2}.png", height, width, i);
            files.Text($"labels/{i:D2}.txt", FormattableString.Invariant($"{i % 2} 0.5 0.5 0.4 0.4\n1 0.2 0.3 0.2 0.2\n"));
        }
        return ImageDataset.Load(DatasetDescription.Load(files.Text("d.yaml", "train: images\nval: images\nnc: 2\n")), "train");
    }
}
