using System.Text.Json;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>
/// A run whose process is killed loses nothing: resumed, it writes the same results.csv as one that was never interrupted.
/// </summary>
public sealed class KilledRunTests(KilledRunTests.WholeRun uninterrupted, ITestOutputHelper output)
    : IClassFixture<KilledRunTests.WholeRun>
{
    private const string Train = """
        param($manifest, $output, [int] $epochs = 6)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        Import-Module $manifest
        $data = [System.IO.Path]::Combine($PSScriptRoot, 'data', 'data.yaml')
        $null = New-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, 'tiny.yaml')) -ClassName circle, square |
            Start-YoloTraining -Data $data -Epochs $epochs -ImageSize 64 -BatchSize 4 -Workers 1 -Precision Float32 -NoPlots -OutputPath $output
        'The script has gone on.'
        """;

    private const string Resume = """
        param($manifest, $output)
        $ErrorActionPreference = 'Stop'
        Import-Module $manifest
        $null = Resume-YoloTraining $output
        """;

    // One process trains, is killed and goes on with a model of every other task at once: most of a process is its start.
    private const string TrainTasks = """
        param($manifest, $output)
        $ProgressPreference = 'SilentlyContinue'
        $root = $PSScriptRoot
        'Segment', 'Pose', 'Obb', 'Classify' | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            $null = New-YoloModel ([System.IO.Path]::Combine($using:root, "$_.yaml")) -ClassName circle, square |
                Start-YoloTraining -Data ([System.IO.Path]::Combine($using:root, $_)) -Epochs 4 -ImageSize 64 -BatchSize 4 -Workers 1 `
                    -Precision Float32 -NoPlots -OutputPath ([System.IO.Path]::Combine($using:output, $_))
        }
        """;

    private const string ResumeTasks = """
        param($manifest, $output)
        [System.IO.Directory]::GetDirectories($output) | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            if (-not (Get-YoloRun $_).Completed) { $null = Resume-YoloTraining $_ }
        }
        """;

    private static readonly Dictionary<string, string> TaskHeads = new()
    {
        ["Segment"] = "[[2, 3], 1, Segment, [nc, 8, 16]]", ["Pose"] = "[[2, 3], 1, Pose, [nc, [3, 3]]]", ["Obb"] = "[[2, 3], 1, OBB, [nc, 1]]",
        ["Classify"] = "[-1, 1, Classify, [nc]]",
    };

    private const int KillsPerRun = 3;

    /// <summary>As many runs as it takes for the kills asked for with <c>YOLOTUNE_KILLS</c>; two runs, six kills, without it.</summary>
    public static TheoryData<int> Runs()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("YOLOTUNE_KILLS"), out int given) ? given : 2 * KillsPerRun;
        return [.. Enumerable.Range(1, (kills + KillsPerRun - 1) / KillsPerRun)];
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_killed_run_that_is_resumed_equals_one_that_was_not_killed(int seed)
    {
        (TinyTraining tiny, string train, string whole) = uninterrupted.Get();
        string resume = Script(tiny, "resume.ps1", Resume), killed = Path.Combine(tiny.Folder, $"killed{seed}");

        // Killed when the table of the run has so many rows, and so many milliseconds later: between two moments of the next epoch.
        Random random = new(seed);
        int rows = 0, kills = 0;
        string script = train;
        for (int kill = 0; kill < KillsPerRun && !Completed(killed); kill++)
        {
            rows = Math.Min(rows + random.Next(0, 3), 5);
            int wanted = rows, before = Rows(killed);
            bool struck = PwshProcess.RunAndKill(
                () => Rows(killed) >= wanted, TimeSpan.FromMilliseconds(random.Next(200)),
                script, "-manifest", Repository.Manifest, "-output", killed);
            kills += struck ? 1 : 0;
            Assert.True(Rows(killed) >= before, "the run lost an epoch that was done");
            // Killed before it had written its first checkpoint it is started anew.
            script = File.Exists(Path.Combine(killed, "weights", "resume.safetensors")) ? resume : train;
            if (script == train && Directory.Exists(killed)) Directory.Delete(killed, recursive: true);
            rows = Math.Max(rows, Rows(killed));
        }
        output.WriteLine($"{kills} kills");
        Assert.True(kills > 0, "no kill struck before the run had ended");
        if (script == train || !Completed(killed))
        {
            PwshRun last = PwshProcess.RunFile(script, "-manifest", Repository.Manifest, "-output", killed);
            Assert.True(last.ExitCode == 0, last.Error);
        }
        Assert.True(Completed(killed));
        Assert.Equal(Table(whole), Table(killed));
        Assert.Equal(Weights(whole), Weights(killed));
        Assert.Empty(Directory.EnumerateFiles(killed, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Killed_runs_of_the_other_tasks_that_are_resumed_equal_ones_that_were_not_killed()
    {
        using TinyTraining tiny = new();
        using (ModuleHost host = tiny.Host())
        {
            foreach ((string task, string head) in TaskHeads)
            {
                string yaml = TinyTraining.Yaml.Replace("[[2, 3], 1, Detect, [nc]]", head, StringComparison.Ordinal);
                File.WriteAllText(Path.Combine(tiny.Folder, task + ".yaml"), "kpt_shape: [3, 3]\n" + yaml);
                host.Run($"$null = New-YoloSampleDataset {task} -Task {task} -Count 10 -ClassName circle, square -ImageSize 64");
            }
        }
        string train = Script(tiny, "train-tasks.ps1", TrainTasks), resume = Script(tiny, "resume-tasks.ps1", ResumeTasks);
        string whole = Path.Combine(tiny.Folder, "whole"), killed = Path.Combine(tiny.Folder, "killed");
        PwshRun run = PwshProcess.RunFile(train, "-manifest", Repository.Manifest, "-output", whole);
        Assert.All(TaskHeads.Keys, task => Assert.True(Completed(Path.Combine(whole, task)), task + run.Error));

        bool struck = PwshProcess.RunAndKill(
            () => TaskHeads.Keys.All(task => File.Exists(Path.Combine(killed, task, "weights", "resume.safetensors"))
                && Rows(Path.Combine(killed, task)) >= 1),
            TimeSpan.Zero, train, "-manifest", Repository.Manifest, "-output", killed);
        string[] open = [.. TaskHeads.Keys.Where(task => !Completed(Path.Combine(killed, task)))];
        output.WriteLine($"killed in {string.Join(", ", open)}");
        Assert.True(struck && open.Length > 0, "no run was killed before it had ended");
        run = PwshProcess.RunFile(resume, "-manifest", Repository.Manifest, "-output", killed);
        foreach (string task in TaskHeads.Keys)
        {
            Assert.True(Completed(Path.Combine(killed, task)), task + run.Error);
            Assert.Equal(Table(Path.Combine(whole, task)), Table(Path.Combine(killed, task)));
            Assert.Equal(Weights(Path.Combine(whole, task)), Weights(Path.Combine(killed, task)));
        }
    }

    [SkippableFact]
    public void Ctrl_C_in_a_terminal_stops_a_training_which_then_can_be_resumed()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"),
            "The program 'script', which makes a terminal, is not here.");
        const int Epochs = 30;
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        string run = Path.Combine(tiny.Folder, "stopped [1]");
        PwshRun stopped = PwshProcess.RunAndInterrupt(
            () => Rows(run) >= 1, Script(tiny, "train.ps1", Train), "-manifest", Repository.Manifest, "-output", run, "-epochs",
            $"{Epochs}");
        Assert.DoesNotContain("The script has gone on.", stopped.Output, StringComparison.Ordinal);
        Assert.Contains("Resume-YoloTraining", stopped.Output, StringComparison.Ordinal);
        Assert.InRange(Rows(run), 1, Epochs - 1);
        Assert.False(Completed(run));

        host.Set("run", run);
        Assert.Equal(Epochs, host.Run("(Resume-YoloTraining $run 6> $null).Run.Epochs.Count").Single.BaseObject);
        Assert.True(Completed(run));
    }

    /// <summary>A run that nothing interrupts, made once for all tests; where none asks for it, it is not made.</summary>
    public sealed class WholeRun : IDisposable
    {
        private readonly TinyTraining tiny = new();
        private string? folder;

        internal (TinyTraining Tiny, string Script, string Folder) Get()
        {
            string train = Script(tiny, "train.ps1", Train);
            if (folder is null)
            {
                // Draws the dataset.
                tiny.Host().Dispose();
                string whole = Path.Combine(tiny.Folder, "whole");
                PwshRun run = PwshProcess.RunFile(train, "-manifest", Repository.Manifest, "-output", whole);
                Assert.True(run.ExitCode == 0, run.Error);
                folder = whole;
            }
            return (tiny, train, folder);
        }

        /// <inheritdoc/>
        public void Dispose() => tiny.Dispose();
    }

    /// <summary>The digest of all weights, averages and moments; the header before them names the run's folder.</summary>
    private static byte[] Weights(string run)
    {
        string path = Path.Combine(run, "weights", "resume.safetensors");
        using FileStream file = File.OpenRead(path);
        Span<byte> length = stackalloc byte[8];
        file.ReadExactly(length);
        file.Seek(BitConverter.ToInt64(length), SeekOrigin.Current);
        byte[] values = new byte[file.Length - file.Position];
        file.ReadExactly(values);
        return System.Security.Cryptography.SHA256.HashData(values);
    }

    private static string Script(TinyTraining tiny, string name, string text)
    {
        string path = Path.Combine(tiny.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static int Rows(string run)
    {
        string table = Path.Combine(run, "results.csv");
        return File.Exists(table) ? File.ReadAllLines(table).Length - 1 : -1;
    }

    private static bool Completed(string run)
    {
        string record = Path.Combine(run, "run.json");
        return File.Exists(record) && JsonDocument.Parse(File.ReadAllBytes(record)).RootElement.GetProperty("Completed").GetBoolean();
    }

    /// <summary>The rows without the column of the time.</summary>
    private static IEnumerable<string> Table(string run) => File.ReadAllLines(Path.Combine(run, "results.csv"))
        .Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1)));
}
