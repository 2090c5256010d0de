using YoloTune.Data;
using YoloTune.Training;


namespace YoloTune.Benchmarks.Sections;

/// <summary>One training step, part by part, without the reading of data. Every step moves the weights.</summary>
internal sealed class StepSection : ISection
{
    private const int StepsPerRound = 2;

    public string Name => "step";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using TrainingData images = new(data, options.Size, options.Batch);
        using ImageBatch batch = images.First();
        Dictionary<Variant, TrainingRig> rigs =
            options.Variants.ToDictionary(variant => variant, variant => new TrainingRig(variant, data.NewModel()));
        Measure measure =
            Measure.Interleaved(options.Rounds, rigs.Select(rig => (Action<Measure>)(into => Steps(rig.Key, rig.Value, batch, into))));
        foreach (TrainingRig rig in rigs.Values) rig.Dispose();

        foreach (Variant variant in options.Variants)
        {
            report.Section($"Training step, {variant}", "ms");
            foreach (StepPart part in Enum.GetValues<StepPart>())
                report.Row(measure, Label(variant, part), part.ToString().ToLowerInvariant());
            report.Row(measure, Whole(variant), "all of it");
            report.Row("share that is neither forward nor backward", Share(measure, variant));
            if (variant != Variant.Base) report.Row("times faster than float32, NCHW", measure.Ratio(Whole(Variant.Base), Whole(variant)));
        }
    }

    private static string Label(Variant variant, StepPart part) => $"{variant} {part}";

    private static string Whole(Variant variant) => $"{variant} whole";

    private static double Share(Measure measure, Variant variant) =>
        1 - ((measure.Median(Label(variant, StepPart.Forward)) + measure.Median(Label(variant, StepPart.Backward))) / measure.Median(
            Whole(variant)));

    private static void Steps(Variant variant, TrainingRig rig, ImageBatch batch, Measure into)
    {
        for (int i = 0; i < StepsPerRound; i++)
        {
            Clock clock = Clock.Start();
            rig.Step.PartDone = part =>
            {
                into.Add(Label(variant, part), clock.Milliseconds);
                clock = Clock.Start();
            };
            into.Time(Whole(variant), () => rig.Train(batch, accumulate: 1));
        }
    }
}
