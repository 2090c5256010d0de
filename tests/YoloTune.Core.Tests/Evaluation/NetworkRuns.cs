using Xunit;

namespace YoloTune.Tests.Evaluation;

/// <summary>Tests that look at the memory of the process: they run one after the other, and alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NetworkRuns
{
    public const string Name = "network runs";
}
