namespace YoloTune.Training;

/// <summary>The weights of the three parts of the detection loss.</summary>
/// <param name="Box">Weight of the box overlap (args name <c>box</c>).</param>
/// <param name="Class">Weight of the classification (args name <c>cls</c>).</param>
/// <param name="Distribution">Weight of the distribution focal loss or, without it, of the distances (args name <c>dfl</c>).</param>
public sealed record LossGains(double Box = 7.5, double Class = 0.5, double Distribution = 1.5);
