namespace YoloTune.Packaging;

/// <summary>A file in the lib folder of the module.</summary>
/// <param name="Path">Its path from the module's folder, with slashes: lib/TorchSharp.dll.</param>
/// <param name="Sha256">Its SHA-256 in small hexadecimal digits.</param>
/// <param name="IsChanged">Whether the build has changed it since it came out of its package.</param>
public sealed record ShippedFile(string Path, string Sha256, bool IsChanged);
