using System.Runtime.InteropServices;
using SkiaSharp;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Images;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Faults;

/// <summary>What goes wrong while a training runs: it is told with a remedy, and no more than the epoch at work is lost.</summary>
public sealed class TrainingFaultTests
{
    private const int Epochs = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_disk_that_is_full_costs_the_epoch_at_work(int seed)
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        int done;
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks))
        {
            // All that an epoch writes has some 150 kB: the disk is full somewhere in the writing of one of the epochs.
            using FullDisk disk = new(new Random(seed).Next(1_000, 400_000));
            TrainingException error = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.True(disk.WasFull);
            Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
            Assert.Contains("Make room", error.Remedy, StringComparison.Ordinal);
            done = trainer.Record.Epochs.Count;
        }
        Assert.Empty(Directory.EnumerateFiles(tiny.Folder("train"), "*.tmp", SearchOption.AllDirectories));
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.InRange(resumed.Record.Epochs.Count, done - 1, done);
        Assert.Equal(Losses(expected), Losses(resumed.Run()));
    }

    [SkippableFact]
    public void A_file_system_that_is_full_costs_the_epoch_at_work()
    {
        using TinyRun tiny = new(images: 12);
        string mount = tiny.Folder("small"), folder = Path.Combine(mount, "train");
        Directory.CreateDirectory(mount);
        Skip.IfNot(OperatingSystem.IsLinux() && Command("mount", "-t", "tmpfs", "-o", "size=8m", "none", mount) == 0,
            "this user may not mount a tmpfs.");
        try
        {
            TrainingRun expected = Whole(tiny);
            using YoloModel model = TinyRun.Model();
            using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs) with { OutputPath = folder }, tiny.Hooks))
            {
                trainer.NextEpoch();
                string filler = Path.Combine(mount, "filler");
                Fill(filler);
                TrainingException error = Assert.Throws<TrainingException>(() => trainer.NextEpoch());
                Assert.Contains("Make room", error.Remedy, StringComparison.Ordinal);
                File.Delete(filler);
            }
            using Trainer resumed = Trainer.Resume(folder, hooks: tiny.Hooks);
            Assert.Single(resumed.Record.Epochs);
            Assert.Equal(Losses(expected), Losses(resumed.Run()));
        }
        finally
        {
            Assert.Equal(0, Command("umount", "-l", mount));
        }
    }

    [Fact]
    public void A_disk_that_is_full_leaves_an_exported_file_as_it_was()
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = TinyRun.Model();
        string path = tiny.Folder("model.pt");
        YoloTune.Export.ModelExporter.WritePt(model, path);
        byte[] before = File.ReadAllBytes(path);
        foreach (int room in (int[])[0, 100, before.Length / 2, before.Length - 1])
        {
            using FullDisk disk = new(room);
            Assert.Throws<IOException>(() => YoloTune.Export.ModelExporter.WritePt(model, path));
        }
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["data", "model.pt"],
            Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_that_is_removed_is_made_anew_and_the_run_goes_on()
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks);
        trainer.NextEpoch();
        Directory.Delete(tiny.Folder("train"), recursive: true);
        TrainingRun run = trainer.Run();
        Assert.Contains(tiny.Warnings, warning => warning.Contains("was removed", StringComparison.Ordinal));
        Assert.True(run.Completed);
        Assert.Equal(Losses(expected), Losses(TrainingRun.Read(run.Directory)));
        Assert.NotNull(run.BestWeights);
        Assert.Equal((long)Epochs, TrainingRun.Read(run.Directory).Options["epochs"]);
    }

    [Fact]
    public void A_folder_that_is_removed_after_the_last_epoch_still_gets_the_weights()
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(1), tiny.Hooks);
        trainer.NextEpoch();
        Directory.Delete(tiny.Folder("train"), recursive: true);
        Assert.True(File.Exists(trainer.Finish().BestWeights));
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("cut short")]
    [InlineData("emptied")]
    [InlineData("text")]
    public void An_image_that_goes_bad_is_named_and_the_run_can_go_on(string fault)
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        string image = Images(tiny)[3];
        byte[] good = File.ReadAllBytes(image);
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks))
        {
            trainer.NextEpoch();
            Spoil(image, good, fault);
            // Images used a moment ago may still be in memory; a run that goes on begins without them.
        }
        using (Trainer trainer = Resume(tiny, image, good, fault))
        {
            TrainingException error = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.Contains(Path.GetFileName(image), error.Message, StringComparison.Ordinal);
            Assert.Contains("Resume-YoloTraining", error.Remedy, StringComparison.Ordinal);
        }
        File.WriteAllBytes(image, good);
        using Trainer mended = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.Equal(Losses(expected), Losses(mended.Run()));
    }

    [Fact]
    public void An_image_that_gets_another_size_is_trained_on_as_it_is()
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks)) trainer.NextEpoch();
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        foreach (string image in Images(tiny))
        {
            using SKBitmap wide = new(150, 40);
            using SKData data = wide.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(image, data.ToArray());
        }
        Assert.True(resumed.Run().Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_that_does_not_suffice_is_told_with_the_remedy_and_keeps_the_last_weights(bool managed)
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        Exception fault = managed
            ? new OutOfMemoryException()
            : new ExternalException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.");
        TrainingHooks hooks = new() { Progress = new Thrower(fault) };
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), hooks))
        {
            TrainingException error = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.Contains("-BatchSize (to 2)", error.Remedy, StringComparison.Ordinal);
            Assert.Contains("-ImageSize", error.Remedy, StringComparison.Ordinal);
            Assert.Contains("last.pt", error.Remedy, StringComparison.Ordinal);
            Assert.Single(trainer.Record.Epochs);
        }
        YoloTune.Files.ModelImporter.Import(Path.Combine(tiny.Folder("train"), "weights", "last.pt")).Dispose();
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.Equal(Losses(expected), Losses(resumed.Run()));
    }

    [Fact]
    public void Two_runs_of_one_name_at_the_same_time_get_a_folder_each()
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        TrainingRun[] runs = new TrainingRun[4];
        Exception? failure = null;
        using Barrier together = new(runs.Length);
        Thread[] threads = [.. Enumerable.Range(0, runs.Length).Select(i => new Thread(() =>
        {
            try
            {
                using YoloModel model = TinyRun.Model();
                together.SignalAndWait();
                using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs));
                runs[i] = trainer.Run();
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Null(failure);
        Assert.Equal(runs.Length, runs.Select(run => run.Directory).Distinct().Count());
        Assert.All(runs, run => Assert.Equal(Losses(expected), Losses(TrainingRun.Read(run.Directory))));
    }

    [Fact]
    public void A_run_at_work_cannot_be_resumed_a_second_time()
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks))
        {
            trainer.NextEpoch();
            TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Resume(tiny.Folder("train")));
            Assert.Contains("another training", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Remedy);
        }
        Assert.False(File.Exists(Path.Combine(tiny.Folder("train"), "run.lock")));
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.True(resumed.Run().Completed);
    }

    private static Trainer Resume(TinyRun tiny, string image, byte[] good, string fault)
    {
        // The check of the dataset at the start would leave a bad image out; here it goes bad after it.
        File.WriteAllBytes(image, good);
        Trainer trainer = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Spoil(image, good, fault);
        return trainer;
    }

    private static void Spoil(string image, byte[] good, string fault)
    {
        switch (fault)
        {
            case "removed": File.Delete(image); break;
            case "cut short": File.WriteAllBytes(image, good[..(good.Length / 2)]); break;
            case "emptied": File.WriteAllBytes(image, []); break;
            default: File.WriteAllText(image, "no image any more"); break;
        }
    }

    private static TrainingRun Whole(TinyRun tiny)
    {
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs, folder: "whole"));
        return trainer.Run();
    }

    private static string[] Images(TinyRun tiny) => [.. Directory
        .EnumerateFiles(Path.Combine(Path.GetDirectoryName(tiny.Data)!, "images", "train"))
        .Where(path => ImageDecoder.Extensions.Contains(Path.GetExtension(path)[1..])).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Losses(TrainingRun run) => run.Epochs.Select(epoch => FormattableString.Invariant(
        $"{epoch.Epoch} {epoch.BoxLoss:g6} {epoch.ClassLoss:g6} {epoch.DflLoss:g6} {epoch.MAP:g6}"));

    private static int Command(string name, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(name, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Fill(string path)
    {
        using FileStream filler = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        byte[] bytes = new byte[4096];
        try
        {
            while (true) filler.Write(bytes);
        }
        catch (IOException)
        {
            // Full it is.
        }
    }

    /// <summary>Lets memory run out in the second epoch, where a step is reported.</summary>
    private sealed class Thrower(Exception fault) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Training && value.Epoch == 2 && value.Batch == 2) throw fault;
        }
    }
}
