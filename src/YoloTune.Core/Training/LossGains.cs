namespace YoloTune.Training;

/// <summary>The weights of the parts of the losses; a task takes those of its own parts.</summary>
public sealed record LossGains
{
    /// <summary>Weight of the box overlap (args name <c>box</c>).</summary>
    public double Box { get; init; } = 7.5;

    /// <summary>Weight of the classification (args name <c>cls</c>).</summary>
    public double Class { get; init; } = 0.5;

    /// <summary>Weight of the distribution focal loss or, without it, of the distances (args name <c>dfl</c>).</summary>
    public double Distribution { get; init; } = 1.5;

    /// <summary>Weight of the keypoints' positions (args name <c>pose</c>).</summary>
    public double Keypoints { get; init; } = 12.0;

    /// <summary>Weight of the keypoints' visibility (args name <c>kobj</c>).</summary>
    public double Visibility { get; init; } = 1.0;

    /// <summary>Weight of the likelihood of the keypoints' errors, YOLO26 only (args name <c>rle</c>).</summary>
    public double Likelihood { get; init; } = 1.0;

    /// <summary>Weight of the angle of oriented boxes (args name <c>angle</c>).</summary>
    public double Angle { get; init; } = 1.0;
}
