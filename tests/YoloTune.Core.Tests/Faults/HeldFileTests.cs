using System.Text;
using System.Text.RegularExpressions;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Files;
using YoloTune.Tests.Training.Run;
using YoloTune.Training;

namespace YoloTune.Tests.Faults;

/// <summary>Windows does not let a file be replaced that another program has open.</summary>
public sealed class HeldFileTests
{
    private const int Epochs = 3;

    // .NET's ways to a file that keep other programs out, or do not wait for them.
    private static readonly Regex Shorthand =
        new(@"(?<!\w)File\.(ReadAll|ReadLines\(|OpenRead\(|OpenText\(|Move\()|FileShare\.Read\b(?! \|)");

    [Fact]
    public void A_file_that_is_closed_within_ten_seconds_is_replaced()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.txt", "old"u8.ToArray());
        using HeldFiles files = new();
        files.Hold(path, TimeSpan.FromSeconds(9.5));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names);
    }

    [Fact]
    public void A_file_that_stays_open_is_left_as_it_was_and_named()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.txt", "old"u8.ToArray());
        using HeldFiles files = new();
        files.Hold(path);
        FileInUseException error = Assert.Throws<FileInUseException>(() => AtomicFile.Write(path, stream => stream.Write("new"u8)));
        Assert.Contains($"'{path}' is open in another program", error.Message, StringComparison.Ordinal);
        Assert.InRange(files.Waited.TotalSeconds, 9, 11);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names);
    }

    [Fact]
    public void An_error_of_the_system_names_the_file_and_not_the_temporary_one()
    {
        using TemporaryFolder folder = new();
        string path = folder.File(Path.Combine("missing", "a.txt"));
        Exception error = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(path, _ => { }));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("results.csv")]
    [InlineData("run.json")]
    [InlineData("weights/last.pt")]
    [InlineData("weights/resume.safetensors")]
    public void A_run_goes_on_while_another_program_has_one_of_its_files_open(string name)
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        string path = Path.Combine(tiny.Folder("train"), name.Replace('/', Path.DirectorySeparatorChar));
        using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks);
        // The table and the record are there after the first epoch, the weights from the start.
        if (!name.StartsWith("weights", StringComparison.Ordinal)) trainer.NextEpoch();
        using HeldFiles files = new();
        files.Hold(path);
        while (trainer.Record.Epochs.Count < Epochs - 1) trainer.NextEpoch();
        byte[] old = File.ReadAllBytes(path);
        files.Release();
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        string warning = Assert.Single(tiny.Warnings, warning => warning.Contains(path, StringComparison.Ordinal));
        Assert.Contains("next epoch", warning, StringComparison.Ordinal);
        // A file that was found open is not waited for again.
        Assert.InRange(files.Waited.TotalSeconds, 9, 11);
        Assert.NotEqual(old, File.ReadAllBytes(path));
        Assert.Equal(Losses(expected), Losses(TrainingRun.Read(run.Directory)));
        Assert.Equal(Losses(expected), ResultsTable.Read(Path.Combine(run.Directory, "results.csv")).Select(Loss));
        Assert.Equal(
            ["best.pt", "last.pt", "resume-previous.safetensors", "resume.safetensors"],
            Directory.EnumerateFiles(Path.Combine(run.Directory, "weights")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // The last weights are those of the last epoch, as without the other program.
        Assert.Equal(
            Weights(Path.Combine(expected.Directory, "weights", "last.pt")), Weights(Path.Combine(run.Directory, "weights", "last.pt")));
    }

    [Theory]
    [InlineData("results.csv")]
    [InlineData("run.json")]
    [InlineData("weights/last.pt")]
    [InlineData("weights/resume.safetensors")]
    [InlineData("results.png")]
    public void A_run_ends_well_although_one_of_its_files_stays_open(string name)
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options(Epochs);
        using Trainer trainer = Trainer.Start(model, options with { Training = options.Training with { Plots = true } }, tiny.Hooks);
        trainer.NextEpoch();
        using HeldFiles files = new();
        files.Hold(Path.Combine(tiny.Folder("train"), name.Replace('/', Path.DirectorySeparatorChar)));
        Assert.True(trainer.Run().Completed);
        Assert.Contains(tiny.Warnings, warning => warning.Contains(Path.GetFileName(name), StringComparison.Ordinal));
        // Once in the run and once at its end.
        Assert.InRange(files.Waited.TotalSeconds, 9, 21);
    }

    [Fact]
    public void A_run_that_was_stopped_with_its_checkpoint_open_elsewhere_goes_on_from_the_newest()
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks))
        {
            using HeldFiles files = new();
            files.Hold(Path.Combine(tiny.Folder("train"), "weights", "resume.safetensors"));
            files.Hold(Path.Combine(tiny.Folder("train"), "weights", "last.pt"));
            trainer.NextEpoch();
            trainer.NextEpoch();
        }
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.Equal(2, resumed.Record.Epochs.Count);
        Assert.Equal(Losses(expected), Losses(resumed.Run()));
    }

    [Fact]
    public void The_best_weights_open_elsewhere_end_the_run_with_the_file_and_the_remedy()
    {
        using TinyRun tiny = new(images: 12);
        TrainingRun expected = Whole(tiny);
        using YoloModel model = TinyRun.Model();
        string best = Path.Combine(tiny.Folder("train"), "weights", "best.pt");
        using (Trainer trainer = Trainer.Start(model, tiny.Options(Epochs), tiny.Hooks))
        {
            trainer.NextEpoch();
            using HeldFiles files = new();
            files.Hold(best);
            // Whichever of the later epochs is the best, none may be lost.
            TrainingException? error = Record.Exception(() => trainer.Run()) as TrainingException;
            if (error is not null)
            {
                Assert.Equal(best, error.File);
                Assert.Contains("Resume-YoloTraining", error.Remedy, StringComparison.Ordinal);
            }
        }
        if (!TrainingRun.Read(tiny.Folder("train")).Completed)
        {
            using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
            Assert.Equal(Losses(expected), Losses(resumed.Run()));
        }
        Assert.Equal(Weights(Path.Combine(expected.Directory, "weights", "best.pt")), Weights(best));
    }

    [Fact]
    public void Every_reader_lets_other_programs_write_and_replace_what_it_reads()
    {
        string source = Path.Combine(Shared.Repository, "src", "YoloTune.Core");
        string[] found = [.. from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            where Path.GetFileName(file) is not ("FileLayer.cs" or "SharedFile.cs")
                && !Path.GetRelativePath(source, file).StartsWith("obj", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                && Shorthand.IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}"];
        // SharedFile reads and AtomicFile writes in their place.
        Assert.Empty(found);
    }

    [Fact]
    public void What_is_read_may_be_read_written_and_deleted_by_others()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.txt", Encoding.UTF8.GetBytes("one\ntwo\n"));
        using FileStream writer = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using FileStream reader = SharedFile.Open(path);
        Assert.Equal(["one", "two"], SharedFile.ReadLines(path));
        Assert.Equal("one\ntwo\n", SharedFile.ReadAllText(path));
        Assert.Equal("one\ntwo\n"u8.ToArray(), SharedFile.ReadAllBytes(path));
        File.Delete(path);
    }

    private static TrainingRun Whole(TinyRun tiny)
    {
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(Epochs, folder: "whole"));
        return trainer.Run();
    }

    private static Dictionary<string, byte[]> Weights(string path)
    {
        using YoloModel model = ModelImporter.Import(path);
        return TinyRun.Values(model);
    }

    private static IEnumerable<string> Losses(TrainingRun run) => run.Epochs.Select(Loss);

    private static string Loss(YoloEpoch epoch) =>
        FormattableString.Invariant($"{epoch.Epoch} {epoch.BoxLoss:g5} {epoch.ClassLoss:g5} {epoch.DflLoss:g5} {epoch.MAP:g4}");
}
