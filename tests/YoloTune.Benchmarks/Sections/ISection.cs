namespace YoloTune.Benchmarks.Sections;

/// <summary>A part of the table.</summary>
internal interface ISection
{
    /// <summary>What --only calls it.</summary>
    string Name { get; }

    /// <summary>Measures and prints.</summary>
    void Run(BenchmarkOptions options, BenchmarkData data, Report report);
}
