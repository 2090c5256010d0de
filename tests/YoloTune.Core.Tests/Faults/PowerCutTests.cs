using TorchSharp;
using Xunit.Abstractions;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Runs.Recovery;
using YoloTune.Runs;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Faults;

/// <summary>
/// The power goes at any moment of a training, and a bit of its files turns over: it goes on from an epoch that was done.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const int Epochs = 3;
    private const int Cuts = 1_000;
    private const int Flips = 2_000;

    [Fact]
    public void No_power_cut_costs_an_epoch_that_was_done()
    {
        using TinyRun tiny = new(images: 8);
        (RecordingDisk disk, List<int> done) = Train(tiny);
        string folder = tiny.Folder("train"), after = tiny.Folder("after");
        Random random = new(1);
        for (int i = 0; i < Cuts; i++)
        {
            int cut = random.Next(disk.Count + 1);
            Assert.True(Restore(after, disk.After(cut, random)) is var state && state >= done.Count(step => step <= cut),
                $"after a cut at step {cut} of {disk.Count}, {state} epochs are left where {done.Count(step => step <= cut)} were done.");
        }

        // Three of them are taken to the end of the training.
        Dictionary<string, byte[]> whole = Values(Path.Combine(folder, "weights", "last.pt"));
        foreach (int cut in done.Select(step => step + 50).SkipLast(1))
        {
            Restore(after, disk.After(cut, random));
            using Trainer resumed = Trainer.Resume(after);
            resumed.Run();
            Assert.All(Values(Path.Combine(after, "weights", "last.pt")), item => Assert.Equal(whole[item.Key], item.Value));
        }
    }

    [Fact]
    public void The_same_cuts_find_a_writer_that_does_not_flush()
    {
        using TinyRun tiny = new(images: 8);
        (RecordingDisk disk, List<int> done) = Train(tiny);
        Random random = new(1);
        int lost = 0;
        for (int i = 0; i < 100; i++)
        {
            int cut = random.Next(disk.Count + 1);
            if (Restore(tiny.Folder("after"), disk.After(cut, random, heedsFlushes: false), tolerates: true) < done.Count(step =>
                step <= cut)) lost++;
        }
        output.WriteLine($"{lost} of 100 cuts lose an epoch.");
        Assert.True(lost > 10, $"only {lost} of 100 cuts were noticed.");
    }

    [Fact]
    public void Every_byte_that_turns_over_in_a_runs_files_is_noticed()
    {
        using TinyRun tiny = new(images: 8);
        Train(tiny).Disk.Dispose();
        RunFolder folder = new(tiny.Folder("train"));
        Random random = new(2);
        string resume = Path.Combine(folder.Weights, "resume.safetensors");
        (string Path, Func<bool> IsNoticed)[] files =
        [
            (folder.Record, () => Throws<TrainingException>(() => TrainingRun.Read(folder.Path))),
            (folder.Last, () => Throws<ModelFormatException>(() => CheckpointReader.Read(folder.Last).Dispose())),
            (resume, () => FallsBack(folder)),
        ];
        foreach ((string path, Func<bool> isNoticed) in files)
        {
            byte[] good = File.ReadAllBytes(path);
            Assert.False(isNoticed(), $"{path} is refused as it is.");
            List<int> missed = [];
            for (int i = 0; i < Flips / files.Length; i++)
            {
                // Every place of the beginning and the end, where the formats keep what they are, and places between them.
                int place = i < 150 ? i : i < 300 ? good.Length - 1 - (i - 150) : random.Next(good.Length);
                byte[] bad = [.. good];
                bad[Math.Clamp(place, 0, good.Length - 1)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bad);
                if (!isNoticed()) missed.Add(place);
            }
            File.WriteAllBytes(path, good);
            Assert.True(missed.Count == 0, $"{path}: not noticed at {string.Join(", ", missed)}.");
        }
    }

    [Fact]
    public void Damaged_files_of_a_run_are_told_and_passed_over()
    {
        using TinyRun tiny = new(images: 8);
        Train(tiny, epochs: 2).Disk.Dispose();
        RunFolder folder = new(tiny.Folder("train"));
        foreach (string path in (string[])[folder.Last, folder.Record])
        {
            byte[] bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(path, bytes);
        }
        using Trainer resumed = Trainer.Resume(folder.Path, hooks: tiny.Hooks);
        Assert.Equal(2, resumed.Record.Epochs.Count);
        Assert.Contains(tiny.Warnings, warning =>
            warning.Contains("last.pt", StringComparison.Ordinal) && warning.Contains("best.pt", StringComparison.Ordinal));
        Assert.Contains(tiny.Warnings, warning => warning.Contains("run.json", StringComparison.Ordinal));
        Assert.Equal(Epochs, resumed.Run().Epochs.Count);
        Assert.Equal(Epochs, TrainingRun.Read(folder.Path).Epochs.Count);
    }

    [Fact]
    public void Best_weights_that_are_damaged_are_told_at_the_end_of_a_run()
    {
        using TinyRun tiny = new(images: 8);
        Train(tiny).Disk.Dispose();
        RunFolder folder = new(tiny.Folder("train"));
        byte[] bytes = File.ReadAllBytes(folder.Best);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(folder.Best, bytes);
        using Trainer resumed = Trainer.Resume(folder.Path, hooks: tiny.Hooks);
        Assert.True(resumed.Run().Completed);
        Assert.Contains(tiny.Warnings, warning =>
            warning.Contains("best.pt", StringComparison.Ordinal) && warning.Contains("last.pt", StringComparison.Ordinal));
    }

    private static (RecordingDisk Disk, List<int> Done) Train(TinyRun tiny, int epochs = Epochs)
    {
        List<int> done = [];
        RecordingDisk disk = new(tiny.Folder("train"));
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks);
        for (int i = 0; i < epochs; i++)
        {
            trainer.NextEpoch();
            done.Add(disk.Count);
        }
        disk.Dispose();
        return (disk, done);
    }

    /// <summary>
    /// Puts the files that are left into a folder; gives the epochs that a training would go on from, 0 where there is no checkpoint.
    /// </summary>
    private static int Restore(string folder, Dictionary<string, byte[]> files, bool tolerates = false)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        RunFolder run = new(folder);
        Directory.CreateDirectory(run.Weights);
        foreach ((string name, byte[] content) in files) File.WriteAllBytes(Path.Combine(folder, name), content);
        List<string> warnings = [];
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            int epochs = files.Keys.Any(name => name.Contains("resume", StringComparison.Ordinal))
                ? ResumeFile.Read(run, warnings.Add).State.Epochs.Count
                : 0;
            if (epochs > 0) CheckpointReader.Read(File.Exists(run.Last) ? run.Last : run.Best).Dispose();
            if (epochs > 0) _ = TrainingRun.Read(folder);
            Assert.True(tolerates || warnings.Count == 0, string.Join("\n", warnings));
            return epochs;
        }
        catch (YoloTuneException) when (tolerates)
        {
            return -1;
        }
    }

    private static bool FallsBack(RunFolder folder)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<string> warnings = [];
        return ResumeFile.Read(folder, warnings.Add).State.Epochs.Count == Epochs - 1 && warnings.Count == 1;
    }

    private static bool Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (T)
        {
            return true;
        }
    }

    private static Dictionary<string, byte[]> Values(string path)
    {
        using CheckpointContent content = CheckpointReader.Read(path);
        return content.Items.ToDictionary(item => item.Name, item => item.Tensor.bytes.ToArray());
    }
}
