using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Faults;

/// <summary>
/// Long trainings keep neither memory nor handles. <c>YOLOTUNE_SOAK_ITERATIONS</c> and <c>YOLOTUNE_SOAK_RESTARTS</c> say how long, 160
/// iterations and 10 restarts without them; <c>YOLOTUNE_SOAK_MODEL</c> names a model of the catalog in place of the tiny one. The class
/// runs when no other does, for memory and handles are the process's.
/// </summary>
[Collection(Alone)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const string Alone = "soak";
    private const double MiB = 1 << 20;

    /// <summary>
    /// How much the memory may differ between an early and a late part of a run: allocators keep what they were given in pieces.
    /// </summary>
    private const double MemoryTolerance = 32 * MiB;

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;

    [Fact]
    public void A_long_training_keeps_neither_memory_nor_handles()
    {
        using TinyRun tiny = new();
        using YoloModel model = Model();
        RunOptions options = tiny.Options();
        int iterations = Setting("YOLOTUNE_SOAK_ITERATIONS", 160);
        // 16 images in batches of 4.
        int epochs = iterations / 4;
        options = options with { Training = options.Training with { Epochs = epochs, Patience = epochs, Workers = 2 } };
        using Trainer trainer = Trainer.Start(model, options);
        List<Sample> samples = [];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            trainer.NextEpoch();
            samples.Add(Sample.Take());
        }
        Judge("iterations", iterations, samples);
    }

    [Fact]
    public void Trainings_that_are_cancelled_and_taken_up_again_keep_neither_memory_nor_handles()
    {
        using TinyRun tiny = new();
        int restarts = Setting("YOLOTUNE_SOAK_RESTARTS", 10);
        using YoloModel model = Model();
        RunOptions options = tiny.Options();
        options = options with { Training = options.Training with { Epochs = 10_000, Patience = 10_000, Workers = 2 } };
        using (Trainer trainer = Trainer.Start(model, options)) trainer.NextEpoch();
        List<Sample> samples = [];
        Random random = new(1);
        int epochs = 1;
        for (int restart = 0; restart < restarts; restart++)
        {
            using (CancellationTokenSource source = new())
            {
                Stopper stopper = new(source, random.Next(1, 9));
                Trainer trainer = Trainer.Resume(tiny.Folder("train"), hooks: new() { Progress = stopper });
                using YoloModel taken = trainer.Model;
                using Trainer ended = trainer;
                Assert.Equal(epochs, trainer.Record.Epochs.Count);
                TrainingRun run = trainer.Run(source.Token);
                Assert.False(run.Completed);
                epochs = run.Epochs.Count;
            }
            samples.Add(Sample.Take());
        }
        Assert.True(epochs > 1);
        Judge("restarts", restarts, samples);
    }

    private void Judge(string what, int count, List<Sample> samples)
    {
        int quarter = samples.Count / 4;
        Assert.True(quarter > 0, "too short to tell anything");
        Sample early = Sample.Median(samples[quarter..(2 * quarter)]), late = Sample.Median(samples[^quarter..]);
        string figures = FormattableString.Invariant($"{count} {what}: second quarter {early}; last quarter {late}");
        output.WriteLine(figures);
        if (Environment.GetEnvironmentVariable("YOLOTUNE_SOAK_LOG") is { Length: > 0 } log) File.AppendAllLines(log, [figures]);
        Assert.True(late.Handles <= early.Handles + 2, figures);
        Assert.True(late.Threads <= early.Threads + 4, figures);
        Assert.True(late.Managed - early.Managed < MemoryTolerance, figures);
        Assert.True(late.Memory - early.Memory < MemoryTolerance, figures);
    }

    private static YoloModel Model() => Environment.GetEnvironmentVariable("YOLOTUNE_SOAK_MODEL") is { Length: > 0 } name
        ? YoloModel.Create(ModelDefinition.Load(name), TinyRun.Classes, seed: 0)
        : TinyRun.Model();

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed record Sample(double Memory, double Managed, double Handles, double Threads)
    {
        public static Sample Take()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            // What the collector holds for later belongs to it and not to the training: it gives that back first.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using Process process = Process.GetCurrentProcess();
            return new(process.WorkingSet64, GC.GetTotalMemory(false), process.HandleCount, process.Threads.Count);
        }

        public static Sample Median(List<Sample> samples)
        {
            double Of(Func<Sample, double> get) => samples.Select(get).Order().ElementAt(samples.Count / 2);
            return new(Of(s => s.Memory), Of(s => s.Managed), Of(s => s.Handles), Of(s => s.Threads));
        }

        public override string ToString() => FormattableString.Invariant(
            $"{Memory / MiB:0.0} MiB ({Managed / MiB:0.0} managed), {Handles:0} handles, {Threads:0} threads");
    }

    /// <summary>Cancels after so many batches of this trainer.</summary>
    private sealed class Stopper(CancellationTokenSource source, int batches) : IProgress<TrainingProgress>
    {
        private int left = batches;

        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Training && --left <= 0) source.Cancel();
        }
    }
}
