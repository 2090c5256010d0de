namespace YoloTune.Networks.Heads;

/// <summary>YOLOv10's head, the reference's v10Detect: end-to-end, 16 bins, separable class branch, whatever the YAML says.</summary>
internal sealed class V10Detect : Detect
{
    /// <summary>Creates the head.</summary>
    public V10Detect(HeadSettings settings)
        : base(settings with { RegMax = 16, EndToEnd = true, LegacyClassBranch = false }, "v10Detect")
    {
    }
}
