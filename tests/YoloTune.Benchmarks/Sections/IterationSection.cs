using YoloTune.Data;
using YoloTune.Training;


namespace YoloTune.Benchmarks.Sections;

/// <summary>
/// Whole training iterations, the reading and augmenting of images included: an epoch at a time, from its first file to its last step, so
/// that no variant profits from what another one's threads prepared. Gradients are accumulated to the nominal batch, as a run does.
/// </summary>
internal sealed class IterationSection : ISection
{
    public string Name => "iteration";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        List<(Variant Variant, TrainingRig Rig, TrainingData Images)> all =
            [.. options.Variants.Select(variant =>
                (variant, new TrainingRig(variant, data.NewModel()), new TrainingData(data, options.Size, options.Batch)))];
        int accumulate = Math.Max(1, (int)Math.Round(new TrainingOptions().NominalBatchSize / (double)options.Batch));
        Measure measure =
            Measure.Interleaved(
                options.Rounds, all.Select(one => (Action<Measure>)(into => Epoch(one.Variant, one.Rig, one.Images, accumulate, into))));
        foreach ((_, TrainingRig rig, TrainingData images) in all)
        {
            rig.Dispose();
            images.Dispose();
        }

        report.Section($"Training iteration, everything included, {options.Model}, {options.Size} px, batch {options.Batch}", "ms");
        foreach (Variant variant in options.Variants)
        {
            report.Row(measure, variant.ToString());
            report.Row($"{variant}: neither forward nor backward, share", measure.Ratio(Other(variant), variant.ToString()));
            if (variant != Variant.Base)
                report.Row($"{variant}: times faster than float32, NCHW", measure.Ratio(Variant.Base.ToString(), variant.ToString()));
        }
    }

    private static string Other(Variant variant) => $"{variant} other";

    private static void Epoch(Variant variant, TrainingRig rig, TrainingData images, int accumulate, Measure into)
    {
        Clock whole = Clock.Start(), part = whole;
        double model = 0;
        int batches = 0;
        rig.Step.PartDone = done =>
        {
            if (done is StepPart.Forward or StepPart.Backward) model += part.Milliseconds;
            part = Clock.Start();
        };
        foreach (ImageBatch loaded in images.NextEpoch())
        {
            using ImageBatch batch = loaded;
            part = Clock.Start();
            rig.Train(batch, accumulate);
            batches++;
        }
        double all = whole.Milliseconds;
        into.Add(variant.ToString(), all / batches);
        into.Add(Other(variant), (all - model) / batches);
    }
}
