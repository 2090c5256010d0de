using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Benchmarks;

/// <summary>What is measured, and on what.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        YoloTune.Benchmarks [options]

          --model <name>        the architecture (yolo11n); weights beside the checkout are used where they are there
          --size <pixels>       side of the training images (320)
          --batch <images>      images a batch (16)
          --precision <list>    float32, bfloat16 (both)
          --layout <list>       channels-last, nchw (channels-last); NCHW float32 is always measured too, as the base of the ratios
          --rounds <n>          rounds; each measures everything once (5)
          --clock <name>        wall, or cpu: processor time over processors, for a machine that is shared (wall)
          --threads <n>         threads of libtorch (its own choice)
          --only <list>         sections (all): 
        """;

    public string Model { get; init; } = "yolo11n";

    public int Size { get; init; } = 320;

    public int Batch { get; init; } = 16;

    public IReadOnlyList<Precision> Precisions { get; init; } = [Precision.Float32, Precision.BFloat16];

    public IReadOnlyList<bool> ChannelsLast { get; init; } = [true];

    public int Rounds { get; init; } = 5;

    /// <summary>Whether processor time is counted instead of the time that passes.</summary>
    public bool ProcessorTime { get; init; }

    public int? Threads { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The base of all ratios, then every combination that was asked for.</summary>
    public IReadOnlyList<Variant> Variants =>
    [
        .. new[] { Variant.Base }
            .Concat(from layout in ChannelsLast from precision in Precisions select new Variant(precision, layout))
            .Distinct(),
    ];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">An option is unknown or lacks a value it understands.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments, IReadOnlyCollection<string> sections)
    {
        BenchmarkOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            if (i + 1 >= arguments.Count) throw new ArgumentException($"{name} needs a value.");
            string value = arguments[i + 1];
            options = name switch
            {
                "--model" => options with { Model = value },
                "--size" => options with { Size = Number(name, value) },
                "--batch" => options with { Batch = Number(name, value) },
                "--precision" => options with { Precisions = [.. Each(value).Select(ToPrecision)] },
                "--layout" => options with { ChannelsLast = [.. Each(value).Select(ToLayout)] },
                "--rounds" => options with { Rounds = Number(name, value) },
                "--clock" => options with { ProcessorTime = ToClock(value) },
                "--threads" => options with { Threads = Number(name, value) },
                "--only" => options with { Only = [.. Each(value).Select(part => Known(part, sections))] },
                _ => throw new ArgumentException($"{name} is not an option."),
            };
        }
        return options;
    }

    private static string[] Each(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{name} needs a whole number above 0, not '{value}'.");

    private static Precision ToPrecision(string name) => Enum.TryParse(name, ignoreCase: true, out Precision precision)
        ? precision
        : throw new ArgumentException($"'{name}' is no precision: float32 or bfloat16.");

    private static bool ToLayout(string name) => name.ToLowerInvariant() switch
    {
        "channels-last" => true,
        "nchw" => false,
        _ => throw new ArgumentException($"'{name}' is no layout: channels-last or nchw."),
    };

    private static bool ToClock(string name) => name.ToLowerInvariant() switch
    {
        "cpu" => true,
        "wall" => false,
        _ => throw new ArgumentException($"'{name}' is no clock: wall or cpu."),
    };

    private static string Known(string section, IReadOnlyCollection<string> sections) => sections.Contains(section)
        ? section
        : throw new ArgumentException($"'{section}' is no section: {string.Join(", ", sections)}.");
}
