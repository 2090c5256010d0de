namespace YoloTune.Models;

/// <summary>What a model knows of the run that trained it; the run's own record has more.</summary>
public interface IModelRun
{
    /// <summary>The run's folder, a full path.</summary>
    string Directory { get; }

    /// <summary>The best weights, a file; null when there are none.</summary>
    string? BestWeights { get; }

    /// <summary>The last weights, a file; null when there are none.</summary>
    string? LastWeights { get; }

    /// <summary>The options as they were resolved, by the reference's names.</summary>
    IReadOnlyDictionary<string, object?> Options { get; }

    /// <summary>What was measured of the best weights, by the reference's names, with the fitness last; empty when nothing was.</summary>
    IReadOnlyList<KeyValuePair<string, double>> BestMeasures { get; }
}
