using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using YoloTune.Models;
using YoloTune.Runs;

namespace YoloTune.Benchmarks.Sections;

/// <summary>
/// How long a person waits: for the module, and from the start of a training, with default options, to the end of its first iteration. All
/// of it in processes of their own, for only the first time counts.
/// </summary>
internal sealed class StartSection : ISection
{
    /// <summary>The first argument of the child process.</summary>
    public const string ChildCommand = "first-iteration-of";

    private const string Import = "Import-Module in pwsh";
    private const string ImportScript = "$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module $args[0]; "
        + "[Console]::Write($w.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture))";

    public string Name => "start";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        string manifest = Path.Combine(data.Repository, "YoloTune.psd1");
        string dataset = Path.GetFileName(Path.GetDirectoryName(data.SmallDataset))!;
        string training = $"a training of {options.Model} on {dataset}, up to the end of its first iteration";
        Measure measure = Measure.Interleaved(options.Rounds,
        [
            into => AddImport(into, manifest),
            into => into.Add(training, Number(ChildProcess.Self(ChildCommand, options.Model, data.SmallDataset))),
        ]);
        report.Section("Starting", "ms");
        foreach (string row in new[] { Import, training })
        {
            if (measure.Has(row)) report.Row(measure, row);
        }
    }

    /// <summary>Trains until the first iteration is over and prints how long that took, the reading of the dataset included.</summary>
    public static int RunChild(IReadOnlyList<string> arguments)
    {
        BenchmarkOptions options = new() { Model = arguments[0] };
        using BenchmarkData data = new(options, arguments[1]);
        using YoloModel model = data.NewModel();
        string folder = Directory.CreateTempSubdirectory("yolotune-benchmarks").FullName;
        try
        {
            using CancellationTokenSource enough = new();
            Stopwatch clock = Stopwatch.StartNew();
            TimeSpan first = default;
            TrainingHooks hooks = new() { Progress = new Immediate(_ =>
            {
                first = clock.Elapsed;
                enough.Cancel();
            }) };
            RunOptions run = new() { Data = arguments[1], OutputPath = Path.Combine(folder, "run") };
            using (Trainer trainer = Trainer.Start(model, run, hooks, enough.Token)) trainer.Run(enough.Token);
            Console.Write(first.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AddImport(Measure into, string manifest)
    {
        try
        {
            into.Add(Import, Number(ChildProcess.Run("pwsh", "-NoProfile", "-NonInteractive", "-CommandWithArgs", ImportScript, manifest)));
        }
        catch (Win32Exception)
        {
            // No pwsh on this machine.
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Immediate(Action<TrainingProgress> first) : IProgress<TrainingProgress>
    {
        private bool told;

        public void Report(TrainingProgress value)
        {
            if (told || value.Phase != TrainingPhase.Training || value.Batch < 1) return;
            told = true;
            first(value);
        }
    }
}
