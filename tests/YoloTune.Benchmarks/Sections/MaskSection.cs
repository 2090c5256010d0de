using TorchSharp;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Tasks.Segmentation;

namespace YoloTune.Benchmarks.Sections;

/// <summary>Masks of a hundred predictions at 640 pixels, boxes of 40 to 200 pixels a side, and their outlines.</summary>
internal sealed class MaskSection : ISection
{
    private const int Predictions = 100, Masks = 32, Prototypes = 160, Size = 640;
    private const string OneThread = "masks, one thread", AllThreads = "masks", Outlines = "outlines, one thread";

    public string Name => "masks";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor prototypes = torch.randn([Masks, Prototypes, Prototypes]);
        Detections found = Boxes();
        MaskPatch[] masks = new MaskPatch[Predictions];
        Measure measure = Measure.Interleaved(options.Rounds, into =>
        {
            MaskProjector projector = new(prototypes);
            into.Time(OneThread, () =>
            {
                for (int i = 0; i < masks.Length; i++) masks[i] = SegmentationPredictor.Mask(projector, found, i, Size, Size);
            });
            into.Time(AllThreads, () => Parallel.For(
                0, masks.Length, i => masks[i] = SegmentationPredictor.Mask(projector, found, i, Size, Size)));
            into.Time(Outlines, () => masks.Sum(mask => MaskPolygon.Of(mask).Length));
        });
        report.Section($"Masks of {Predictions} predictions, {Size} px", "ms");
        report.Row(measure, OneThread);
        report.Row(measure, AllThreads);
        report.Row(measure, Outlines);
    }

    private static Detections Boxes()
    {
        Random random = new(0);
        float[] rows = [.. Enumerable.Range(0, Predictions).SelectMany(_ =>
        {
            float width = 40 + random.NextSingle() * 160, height = 40 + random.NextSingle() * 160;
            float x = random.NextSingle() * (Size - width), y = random.NextSingle() * (Size - height);
            return (float[])[x, y, x + width, y + height, 0.9f, 0, .. Enumerable.Range(0, Masks).Select(_ => random.NextSingle() - 0.5f)];
        })];
        return new(rows, new int[Predictions], Detections.FixedColumns + Masks);
    }
}
