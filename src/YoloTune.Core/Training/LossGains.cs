namespace YoloTune.Training;

/// <summary>The weights of the parts of the losses; a task takes those of its own parts.</summary>
public sealed record LossGains
{
    /// <summary>Weight of the box overlap (<c>box</c>).</summary>
    [TrainingOption("box", Minimum = 0)]
    public double Box { get; init; } = 7.5;

    /// <summary>Weight of the classification (<c>cls</c>).</summary>
    [TrainingOption("cls", Minimum = 0)]
    public double Class { get; init; } = 0.5;

    /// <summary>Weight of the distribution focal loss or, without it, of the distances (<c>dfl</c>).</summary>
    [TrainingOption("dfl", Minimum = 0)]
    public double Distribution { get; init; } = 1.5;

    /// <summary>Weight of the keypoints' positions (<c>pose</c>).</summary>
    [TrainingOption("pose", Minimum = 0)]
    public double Keypoints { get; init; } = 12.0;

    /// <summary>Weight of the keypoints' visibility (<c>kobj</c>).</summary>
    [TrainingOption("kobj", Minimum = 0)]
    public double Visibility { get; init; } = 1.0;

    /// <summary>Weight of the likelihood of the keypoints' errors, YOLO26 only (<c>rle</c>).</summary>
    [TrainingOption("rle", Minimum = 0)]
    public double Likelihood { get; init; } = 1.0;

    /// <summary>Weight of the angle of oriented boxes (<c>angle</c>).</summary>
    [TrainingOption("angle", Minimum = 0)]
    public double Angle { get; init; } = 1.0;
}
