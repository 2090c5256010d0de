using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.Inspection;
using YoloTune.Tests.Files.Inspection;

namespace YoloTune.Tests.Fuzz;

/// <summary>
/// The inspector is given changed files by the thousand: it ends with a report or an exception of YoloTune, and where it calls a file Safe
/// whose bytes are all checked, that is a good file byte for byte. <c>YOLOTUNE_INSPECT_SECONDS</c> says how long, instead of so many files.
/// </summary>
public sealed class InspectorFuzzTests(ITestOutputHelper output)
{
    private const int DefaultFiles = 12_000;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fuzz", "inspector");

    [Theory]
    [InlineData(".pt")]
    [InlineData(".safetensors")]
    [InlineData(".onnx")]
    public void A_changed_file_is_never_called_safe(string extension)
    {
        byte[][] good = [.. Good(extension)];
        byte[][] seeds = [.. good, .. HidingPlaces.All.Where(sample => sample.Extension == extension).Select(sample => sample.Content)];
        HashSet<string> known = [.. good.Select(Convert.ToBase64String)];
        int safe = 0;
        FuzzTarget target =
            new("inspector" + extension.Replace('.', '-'), extension, () => seeds, FuzzTargets.Get("archive").Tokens, Read, 256 << 20);
        FuzzRun run = new(target, Folder);
        string? problem = run.Run(Files(new(seeds, target.Tokens)));
        output.WriteLine(
            FormattableString.Invariant($"{run}; {safe} were called Safe, each of them a good file or one whose bytes no checksum covers"));
        Assert.True(problem is null, problem);

        void Read(string path)
        {
            CheckpointReport report = CheckpointInspector.Inspect(path);
            if (report.Verdict != CheckpointVerdict.Safe) return;
            safe++;
            if (report.UncheckedBytes == 0 && !known.Contains(Convert.ToBase64String(File.ReadAllBytes(path))))
            {
                throw new InvalidOperationException("a file that was changed is called Safe");
            }
        }
    }

    private static IEnumerable<(string Name, byte[] File)> Files(Mutator mutator)
    {
        (int seconds, int seed) = (Setting("YOLOTUNE_INSPECT_SECONDS", 0), Setting("YOLOTUNE_FUZZ_SEED", 1));
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; seconds == 0 ? i < DefaultFiles : Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; i++)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{seed}-{i}"), mutator.Make(seed, i));
        }
    }

    private static IEnumerable<byte[]> Good(string extension) => extension switch
    {
        ".pt" => GoodFiles.TorchSaves().Select(file => file.Content).Concat(FuzzSeeds.Models().Take(2)),
        ".safetensors" => FuzzSeeds.SafeTensors().Concat(FuzzSeeds.Models().Skip(2)),
        _ => FuzzSeeds.Onnx(),
    };

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
