using System.Diagnostics;
using System.Globalization;
using YoloTune.Basics;
using YoloTune.Data;

namespace YoloTune.Benchmarks.Sections;

/// <summary>
/// The most memory a training takes, each in a process of its own, for a peak never falls. Batches of 16 images of 640 pixels, whatever the
/// other sections use.
/// </summary>
internal sealed class MemorySection : ISection
{
    /// <summary>The first argument of the child process.</summary>
    public const string ChildCommand = "peak-memory-of";

    private const int Size = 640, Batch = 16, Iterations = 3;
    private const double Megabyte = 1024 * 1024;

    public string Name => "memory";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        report.Section($"Peak memory of a training process, {options.Model}, {Size} px, batch {Batch}", "MB");
        double single = Peak(options, Precision.Float32), half = Peak(options, Precision.BFloat16);
        report.Row("float32", single);
        report.Row("bfloat16", half);
        report.Row("bfloat16: share of float32", half / single);
    }

    /// <summary>Trains a few batches and prints the peak.</summary>
    public static int RunChild(IReadOnlyList<string> arguments)
    {
        BenchmarkOptions options = BenchmarkOptions.Parse(arguments, []);
        using BenchmarkData data = new(options);
        using TrainingData images = new(data, options.Size, options.Batch);
        using TrainingRig rig = new(new(options.Precisions[0], true), data.NewModel());
        foreach (DetectionBatch loaded in images.NextEpoch().Take(options.Rounds))
        {
            using DetectionBatch batch = loaded;
            rig.Train(batch, accumulate: 1);
        }
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine((self.PeakWorkingSet64 / Megabyte).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Peak(BenchmarkOptions options, Precision precision) => double.Parse(
        ChildProcess.Self(
            ChildCommand, "--model", options.Model, "--size", Text(Size), "--batch", Text(Batch), "--rounds", Text(Iterations),
            "--precision", precision.ToString()),
        CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
