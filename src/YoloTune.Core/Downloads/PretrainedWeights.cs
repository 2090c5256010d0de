namespace YoloTune.Downloads;

/// <summary>A file of pretrained weights that Ultralytics publishes as an asset of a release.</summary>
/// <param name="Name">What users type: yolo11n, yolov5nu, yolo26s-seg.</param>
/// <param name="Tag">The release that carries the file: v8.3.0.</param>
/// <param name="Sha256">The SHA-256 of the file in hexadecimal digits, or null where it is not known for certain.</param>
public sealed record PretrainedWeights(string Name, string Tag, string? Sha256)
{
    /// <summary>The licence of every file in the list, as an SPDX expression.</summary>
    public const string Licence = "AGPL-3.0";

    /// <summary>The name of the file: yolo11n.pt.</summary>
    public string File => Name + ".pt";
}
