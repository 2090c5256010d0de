namespace YoloTune.Runs;

/// <summary>Who wants to hear of a run.</summary>
public sealed record TrainingHooks
{
    /// <summary>Receives how far the run is.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Receives what a person should know and may have to fix.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Receives what was decided.</summary>
    public Action<string>? Message { get; init; }

    /// <summary>Receives the lines that a person watches: where the run goes, what it is, and a line per epoch.</summary>
    public Action<string>? Line { get; init; }
}
