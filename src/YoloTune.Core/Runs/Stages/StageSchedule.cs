namespace YoloTune.Runs.Stages;

/// <summary>How a stage's learning rate follows on that of the stage before.</summary>
public enum StageSchedule
{
    /// <summary>It warms up again and falls over this stage's own epochs.</summary>
    Restart,

    /// <summary>It goes on along the fall that began with the stage before, without another warm-up.</summary>
    Continue,
}
