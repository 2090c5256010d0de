using TorchSharp;
using YoloTune.Benchmarks.Sections;
using YoloTune.Devices;
using YoloTune.Kernels;

namespace YoloTune.Benchmarks;

/// <summary>Prints a table of speeds and memory; docs/PERFORMANCE.md explains it.</summary>
internal static class Program
{
    private static readonly ISection[] Sections =
    [
        new ConvolutionSection(), new StepSection(), new IterationSection(), new DataSection(), new ValidationSection(),
        new PredictionSection(), new MaskSection(), new ImportSection(), new TransferSection(), new FrozenSection(), new MemorySection(),
        new StartSection(), new TaskSection(),
    ];

    private static int Main(string[] arguments)
    {
        NativeLibraries.Load();
        if (arguments is [MemorySection.ChildCommand, .. string[] child]) return MemorySection.RunChild(child);
        if (arguments is [StartSection.ChildCommand, .. string[] start]) return StartSection.RunChild(start);
        string[] names = [.. Sections.Select(section => section.Name)];
        BenchmarkOptions options;
        try
        {
            options = BenchmarkOptions.Parse(arguments, names);
        }
        catch (ArgumentException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Console.Error.WriteLine(BenchmarkOptions.Usage + string.Join(", ", names));
            return 2;
        }
        if (options.Threads is int threads) torch.set_num_threads(threads);
        Clock.CountsProcessorTime = options.ProcessorTime;
        using BenchmarkData data = new(options);
        Report report = new(Console.Out);
        Console.WriteLine($"{ProcessorFeatures.Name}, {Environment.ProcessorCount} processors, {torch.get_num_threads()} threads, "
            + $"bfloat16 in hardware: {(ProcessorFeatures.HasBFloat16 ? "yes" : "no")}");
        Console.WriteLine($"{options.Model}, {options.Size} px, {options.Batch} images a batch, {options.Rounds} rounds; {data.Origin}"
            + (options.ProcessorTime ? "; processor time over processors" : ""));
        foreach (ISection section in Sections)
        {
            if (options.Only.Count == 0 || options.Only.Contains(section.Name)) section.Run(options, data, report);
        }
        return 0;
    }
}
