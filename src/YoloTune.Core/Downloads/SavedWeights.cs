namespace YoloTune.Downloads;

/// <summary>A file of pretrained weights on this machine.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Name">The name of the weights: yolo11n.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Sha256">The SHA-256 of the file, in small hexadecimal digits.</param>
/// <param name="Verified">What the content was compared with.</param>
/// <param name="Licence">The licence of the weights.</param>
/// <param name="Source">The address it came from.</param>
public sealed record SavedWeights(string Path, string Name, long Bytes, string Sha256, WeightsCheck Verified, string Licence, Uri Source)
{
    /// <summary>The path, so that the object can stand where a path is asked for.</summary>
    public override string ToString() => Path;
}
