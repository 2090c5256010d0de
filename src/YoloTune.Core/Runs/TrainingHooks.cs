namespace YoloTune.Runs;

/// <summary>Who wants to hear of a run.</summary>
public sealed record TrainingHooks
{
    /// <summary>Is told how far the run is.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Is told what a person should know and may have to mend.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Is told what was decided.</summary>
    public Action<string>? Message { get; init; }
}
