using YoloTune.Basics;
using YoloTune.Data.Features;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Benchmarks.Sections;

/// <summary>
/// Whole runs of a stage with a frozen backbone: seconds an epoch from its first image to its last step, with and without a feature cache.
/// The first epoch of each run, which fills the cache, is warm-up. All runs show the same fixed variant of each image.
/// </summary>
internal sealed class FrozenSection : ISection
{
    private const string Unfrozen = "nothing frozen", Frozen = "backbone frozen", Cached = "backbone frozen, -FeatureCache Memory";

    public string Name => "frozen";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        foreach (Precision precision in options.Precisions)
        {
            string folder = Directory.CreateTempSubdirectory("yolotune-benchmarks").FullName;
            List<(string Name, Trainer Trainer, LastBatch End)> runs = [];
            try
            {
                foreach (string name in (string[])[Unfrozen, Frozen, Cached]) runs.Add(Start(name, precision, options, data, folder));
                Measure measure = Measure.Interleaved(options.Rounds, runs.Select(run => (Action<Measure>)(into =>
                {
                    run.End.Clock = Clock.Start();
                    YoloEpoch epoch = run.Trainer.NextEpoch();
                    into.Add(run.Name, run.End.Milliseconds / 1000);
                    into.Add(Loss(run.Name), epoch.BoxLoss + epoch.ClassLoss + epoch.DflLoss);
                })));
                report.Section(
                    $"An epoch of training, {(precision == Precision.Float32 ? "float32" : "bfloat16")}, one variant of each image", "s");
                foreach ((string name, _, _) in runs) report.Row(measure, name);
                report.Row("frozen: times faster than unfrozen", measure.Ratio(Unfrozen, Frozen));
                report.Row("with the cache: times faster than unfrozen", measure.Ratio(Unfrozen, Cached));
                report.Row("loss of the cached run over that without cache", measure.Ratio(Loss(Cached), Loss(Frozen)));
            }
            finally
            {
                runs.ForEach(run => run.Trainer.Dispose());
                runs.ForEach(run => run.Trainer.Model.Dispose());
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Loss(string name) => name + ", loss";

    private static (string, Trainer, LastBatch) Start(string name, Precision precision, BenchmarkOptions options, BenchmarkData data,
        string folder)
    {
        YoloModel model = data.NewModel();
        if (name != Unfrozen) FreezeSelection.Parts([LayerPart.Backbone]).Resolve(model).Apply();
        LastBatch end = new();
        return (name, Trainer.Start(model, new RunOptions
        {
            Data = data.Dataset,
            OutputPath = Path.Combine(folder, name),
            Training = new()
            {
                Epochs = options.Rounds + 1,
                CloseMosaic = 0,
                ImageSize = options.Size,
                BatchSize = options.Batch,
                Optimizer = OptimizerKind.AdamW,
                Precision = precision,
                AugmentationVariants = 1,
                FeatureCache = name == Cached ? FeatureCacheMode.Memory : FeatureCacheMode.None,
                Validate = false,
                Plots = false,
            },
        }, new TrainingHooks { Progress = end }), end);
    }

    /// <summary>Notes when an epoch's last batch was done: what follows it, such as the checkpoint, costs the same in all runs.</summary>
    private sealed class LastBatch : IProgress<TrainingProgress>
    {
        public Clock Clock { get; set; }

        public double Milliseconds { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Training) Milliseconds = Clock.Milliseconds;
        }
    }
}
