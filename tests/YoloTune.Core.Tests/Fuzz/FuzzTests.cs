using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace YoloTune.Tests.Fuzz;

/// <summary>
/// Readers are given bad files by the thousand. <c>YOLOTUNE_FUZZ_SECONDS</c> says how long each reader is tried, 12 seconds without it;
/// <c>YOLOTUNE_FUZZ_SEED</c> chooses other files. A file that breaks a promise is kept in the folder <c>fuzz</c> beside the tests; once the
/// defect is mended it belongs into Corpus.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 12;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fuzz");

    public static TheoryData<string> Targets() => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_bad_file_is_read_or_refused_and_nothing_else(string name)
    {
        FuzzTarget target = FuzzTargets.Get(name);
        (int seconds, int seed) = (Setting("YOLOTUNE_FUZZ_SECONDS", DefaultSeconds), Setting("YOLOTUNE_FUZZ_SEED", 1));
        byte[][] seeds = [.. target.Seeds()];
        Assert.NotEmpty(seeds);
        Mutator mutator = new(seeds, target.Tokens);
        FuzzRun run = new(target, Folder);
        long started = Stopwatch.GetTimestamp();
        string? problem = run.Run(Files());
        output.WriteLine(run.ToString());
        Assert.True(problem is null, problem);
        Assert.True(run.Refused > 0 || name == "label", "no file was refused: the files are not bad enough to test anything");

        IEnumerable<(string, byte[])> Files()
        {
            for (int i = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; i++)
                yield return ($"{seed}-{i}", mutator.Make(seed, i));
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Good_files_are_read(string name)
    {
        // One of the pickles would run code; the others are models or settings.
        FuzzTarget target = FuzzTargets.Get(name);
        FuzzRun run = new(target, Path.Combine(Folder, "good"));
        string? problem = run.Run(target.Seeds().Select((file, i) => ($"seed {i}", file)));
        Assert.True(problem is null, problem);
        Assert.True(run.Accepted > 0, "no good file is read");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Files_that_once_found_a_defect_find_none(string name)
    {
        FuzzRun run = new(FuzzTargets.Get(name), Path.Combine(Folder, "corpus"));
        string? problem =
            run.Run(FuzzTargets.Corpus(name).Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path))));
        Assert.True(problem is null, problem);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
